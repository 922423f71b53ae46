import { DomainError, type ModelSignature, type TensorSpec } from '@millrace/contracts';
import { selectColumn, type Column, type Table } from '@millrace/ml';
import { missingTimestamp, type Tensor } from '../tensor/tensor.js';

/**
 * Rows `from` (inclusive) to `to` (exclusive) of a table as a fused model's inputs.
 * @throws MlError `unknown_column`; DomainError `data_invalid` for a column of another type than its input
 */
export const columnsToFeeds = (
  signature: ModelSignature,
  table: Table,
  from = 0,
  to = table.rows,
): Record<string, Tensor> =>
  Object.fromEntries(
    signature.inputs.map((spec) => [
      spec.name,
      columnToTensor(spec, selectColumn(table, spec.name), from, to),
    ]),
  );

const columnToTensor = (spec: TensorSpec, column: Column, from: number, to: number): Tensor => {
  const dims = [to - from, 1];
  if (column.kind === 'string') {
    if (spec.datatype === 'BYTES') {
      return { type: 'BYTES', dims, data: column.values.slice(from, to).map((value) => value ?? '') };
    }
  } else {
    const values = column.values.subarray(from, to);
    if (spec.datatype === 'FP32') return { type: 'FP32', dims, data: Float32Array.from(values) };
    if (spec.datatype === 'INT64' && column.kind === 'timestamp') {
      const data = BigInt64Array.from(values, (ms) =>
        Number.isNaN(ms) ? missingTimestamp : BigInt(Math.floor(ms)),
      );
      return { type: 'INT64', dims, data };
    }
  }
  throw new DomainError(
    'data_invalid',
    `column '${spec.name}' is a ${column.kind}, which cannot feed an input of ${spec.datatype}`,
    { details: { reason: 'column_type', column: spec.name } },
  );
};
