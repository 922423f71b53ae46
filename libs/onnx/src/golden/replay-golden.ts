import { DomainError, toDomainError, type ModelManifest } from '@millrace/contracts';
import { tableToFeeds } from '../feeds/table-to-feeds.js';
import type { RunnableModel } from '../model/runnable-model.js';
import { elementAt } from '../tensor/tensor-arrays.js';
import type { Tensor } from '../tensor/tensor.js';

const differenceOf = (expected: unknown, actual: number | bigint | string | undefined): number => {
  if (typeof actual === 'string' || typeof expected === 'string') return actual === expected ? 0 : Infinity;
  const difference = Math.abs(Number(actual) - Number(expected));
  return Number.isNaN(difference) ? Infinity : difference;
};

/** Largest absolute difference of each row of a tensor from nested lists of the same shape. */
const differencesByRow = (expected: readonly unknown[], tensor: Tensor): number[] => {
  const { data, dims } = tensor;
  const rows = dims[0]!;
  const width = data.length / rows;
  if (expected.length !== rows) return [Infinity];
  return expected.map((cell, row) => {
    const values = Array.isArray(cell) ? cell.flat(Infinity) : [cell];
    if (values.length !== width) return Infinity;
    return Math.max(...values.map((value, i) => differenceOf(value, elementAt(tensor, row * width + i))));
  });
};

/** Largest absolute difference of all values of a tensor from nested lists of the same shape. */
export const differenceFrom = (expected: unknown, tensor: Tensor): number =>
  Math.max(...differencesByRow(expected as unknown[], tensor));

/**
 * Runs a model on its golden rows and compares with what its trainer computed for them.
 * @returns The largest absolute difference.
 * @throws DomainError `integrity`, which names output and row, when it is above the golden sample's tolerance, when an
 * output is missing, or when there is no sample to compare with
 */
export const replayGolden = async (
  model: RunnableModel,
  golden: ModelManifest['golden'],
): Promise<number> => {
  const outputs = await run(model, golden.rows);
  const expected = Object.entries(golden.outputs);
  if (expected.length === 0) throw new DomainError('integrity', 'the golden sample has no outputs');
  let largest = 0;
  for (const [name, rows] of expected) {
    const tensor = Object.hasOwn(outputs, name) ? outputs[name] : undefined;
    const differences = tensor && Array.isArray(rows) ? differencesByRow(rows, tensor) : [Infinity];
    const row = differences.findIndex((difference) => !(difference <= golden.tolerance));
    if (row >= 0) throw new GoldenMismatch(name, row, differences[row]!, golden.tolerance);
    largest = Math.max(largest, ...differences);
  }
  return largest;
};

const run = async (
  model: RunnableModel,
  rows: ModelManifest['golden']['rows'],
): Promise<Record<string, Tensor>> => {
  try {
    return await model.run(tableToFeeds(model.signature, rows));
  } catch (cause) {
    const { code, message } = toDomainError(cause);
    // Says nothing of the model: whoever ran it was taken away.
    if (code === 'unavailable') throw cause;
    throw new DomainError('integrity', `the golden sample cannot be run: ${message}`, { cause });
  }
};

class GoldenMismatch extends DomainError {
  constructor(output: string, row: number, difference: number, tolerance: number) {
    super(
      'integrity',
      `output '${output}' differs from the golden sample by ${difference} in row ${row}, more than ${tolerance}`,
      { details: { output, row, difference, tolerance } },
    );
  }
}
