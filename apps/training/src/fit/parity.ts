import { DomainError, type ModelManifest } from '@millrace/contracts';
import type { Table } from '@millrace/ml';
import { columnsToFeeds, type OnnxModel } from '@millrace/onnx';

const batch = 4096;
/** Of probabilities; of other predictions relative to the largest, since the graph computes in float32. */
const tolerance = 1e-5;

export const toleranceFor = (output: 'probabilities' | 'prediction', expected: Float64Array): number => {
  if (output === 'probabilities') return tolerance;
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  return tolerance * largest;
};

/**
 * Runs the fused graph over every row of `table` and compares with what the trainer computed for it.
 * @param expected rows × width, row-major
 * @throws DomainError `integrity`, naming the row, when they differ by more than the tolerance
 */
export const checkParity = async (
  model: OnnxModel,
  table: Table,
  output: 'probabilities' | 'prediction',
  expected: Float64Array,
): Promise<ModelManifest['parity']> => {
  const width = expected.length / table.rows;
  const allowed = toleranceFor(output, expected);
  let largest = 0;
  for (let from = 0; from < table.rows; from += batch) {
    const to = Math.min(table.rows, from + batch);
    const outputs = await model.run(columnsToFeeds(model.signature, table, from, to));
    const actual = outputs[output]!.data as Float32Array;
    for (let i = 0; i < actual.length; i++) {
      const difference = Math.abs(actual[i]! - expected[from * width + i]!);
      if (!(difference <= allowed)) {
        const row = from + Math.floor(i / width);
        throw new DomainError(
          'integrity',
          `the ONNX graph differs from the trainer by ${difference} in row ${row}, more than ${allowed}`,
          { details: { row, difference, tolerance: allowed } },
        );
      }
      largest = Math.max(largest, difference);
    }
  }
  return { rows: table.rows, maxAbsoluteDifference: largest, tolerance: allowed };
};
