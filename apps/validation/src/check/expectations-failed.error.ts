import { DomainError, type ArtifactRef } from '@millrace/contracts';
import type { Outcome } from '../expectations/outcome.js';

/** A completion has to fit a message. */
const maxDetailed = 10;

/** Names the first violation and counts the others; all of them, with rows, are in the report. */
export class ExpectationsFailed extends DomainError {
  constructor(failed: readonly Outcome[], report: ArtifactRef) {
    const [first, ...others] = failed;
    const more =
      others.length === 0
        ? ''
        : ` (and ${others.length} more: ${others
            .slice(0, 5)
            .map(({ message }) => message)
            .join('; ')})`;
    super('data_invalid', `${first?.message ?? 'the data is not as expected'}${more}`, {
      details: { failures: failed.slice(0, maxDetailed).map(toDetail), report },
    });
  }
}

const toDetail = ({ expectation, message, counted, offending, rows }: Outcome) => ({
  expect: expectation.expect,
  ...('column' in expectation ? { column: expectation.column } : {}),
  ...{ message, counted, offending, rows },
});
