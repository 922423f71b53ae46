import type { ColumnProfile, JsonValue, ReportManifest } from '@millrace/contracts';
import type { Outcome } from '../expectations/outcome.js';
import { suggestExpectations } from '../expectations/suggest-expectations.js';

const plain = (value: unknown): JsonValue => JSON.parse(JSON.stringify(value)) as JsonValue;

/** Outcomes, profile and suggestions as the content of a `report` artifact. */
export const validationReport = (
  dataset: string,
  rows: number,
  outcomes: readonly Outcome[],
  profile: readonly ColumnProfile[],
): ReportManifest => {
  const failed = outcomes.filter(({ success }) => !success);
  const blocking = failed.filter(({ expectation }) => expectation.severity === 'block').length;
  return {
    kind: 'validation',
    summary: {
      ...{ success: blocking === 0, rows, expectations: outcomes.length },
      ...{ failed: failed.length, blocking, warnings: failed.length - blocking },
    },
    metrics: { rows, expectations: outcomes.length, failed: failed.length },
    body: plain({ outcomes, profile, suggested: suggestExpectations(profile) }),
    lineage: { component: 'validation.check', dataset },
  };
};
