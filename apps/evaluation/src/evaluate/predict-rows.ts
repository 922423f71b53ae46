import { DomainError } from '@millrace/contracts';
import type { Table } from '@millrace/ml';
import { columnsToFeeds, type OnnxModel } from '@millrace/onnx';

const batch = 4096;

/**
 * One output of the model for every row of the table, a batch at a time; between batches other work gets its turn.
 * @returns rows × width, row-major
 */
export const predictRows = async (
  model: OnnxModel,
  table: Table,
  output: string,
  { signal, onRows }: { signal: AbortSignal; onRows: (rows: number) => void },
): Promise<Float32Array> => {
  const parts: Float32Array[] = [];
  for (let from = 0; from < table.rows; from += batch) {
    signal.throwIfAborted();
    const to = Math.min(table.rows, from + batch);
    const tensor = (await model.run(columnsToFeeds(model.signature, table, from, to)))[output];
    if (tensor?.type !== 'FP32')
      throw new DomainError('integrity', `the model has no output '${output}' of FP32`);
    parts.push(tensor.data);
    onRows(to);
  }
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
  return all;
};
