import { DomainError } from '@millrace/contracts';
import { elementAt, missingTimestamp } from '@millrace/onnx';
import { CelError, maxWork, type Work } from '@millrace/pipeline/cel';
import type { CompiledRoute } from '@millrace/pipeline/inference-graph';
import type { ParameterValue } from '../protocol/call-parameters.js';
import type { Feeds, Tensor } from '../protocol/tensor.js';

type Parameters = Readonly<Record<string, ParameterValue>>;

/** The case that holds, or one more than there are. @throws DomainError `invalid_request` where a condition has no answer */
export const chooseOnce = (route: CompiledRoute, feeds: Feeds, parameters: Parameters): number =>
  choose(route, { parameters, inputs: valuesOf(route, feeds, 0) }, { left: maxWork });

/**
 * For each row; a number where all go the same way. All rows share the work of one evaluation, so that a request cannot hold
 * up others for longer because it is larger.
 */
export const choosePerRow = (
  route: CompiledRoute,
  feeds: Feeds,
  rows: number,
  parameters: Parameters,
): Int32Array | number => {
  const work: Work = { left: maxWork };
  const ways = new Int32Array(rows);
  for (let row = 0; row < rows; row++)
    ways[row] = choose(route, { parameters, inputs: valuesOf(route, feeds, row) }, work);
  return ways.every((way) => way === ways[0]) ? ways[0]! : ways;
};

const choose = ({ cases }: CompiledRoute, bindings: object, work: Work): number => {
  for (const [i, { when }] of cases.entries()) {
    const holds = evaluate(when, bindings as Record<string, unknown>, work, i);
    if (typeof holds !== 'boolean')
      throw new DomainError(
        'invalid_request',
        `the condition route[${i}] is ${JSON.stringify(holds)}, not true or false`,
      );
    if (holds) return i;
  }
  return cases.length;
};

const evaluate = (
  when: CompiledRoute['cases'][number]['when'],
  bindings: Record<string, unknown>,
  work: Work,
  i: number,
): unknown => {
  try {
    return when.evaluate(bindings, work);
  } catch (error) {
    if (!(error instanceof CelError)) throw error;
    throw new DomainError('invalid_request', `the condition route[${i}] has no value: ${error.message}`, {
      cause: error,
    });
  }
};

const valuesOf = ({ reads }: CompiledRoute, feeds: Feeds, row: number): Record<string, unknown> =>
  Object.fromEntries(reads.map((name) => [name, valueOf(feeds[name]!, row)]));

/** A missing value is null. */
const valueOf = (tensor: Tensor, row: number): unknown => {
  const value = elementAt(tensor, row);
  if (tensor.type === 'BOOL') return value === 1;
  if (typeof value === 'bigint') return value === missingTimestamp ? null : Number(value);
  return typeof value === 'number' && Number.isNaN(value) ? null : value;
};
