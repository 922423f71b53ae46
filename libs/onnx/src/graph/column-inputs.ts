import { DomainError } from '@millrace/contracts';
import type { ColumnKind, FittedColumn } from '@millrace/ml';
import type { TensorType } from '../tensor/tensor.js';
import type { GraphBuilder } from './graph-builder.js';

const inputTypes: Record<ColumnKind, TensorType> = {
  number: 'FP32',
  boolean: 'FP32',
  string: 'BYTES',
  timestamp: 'INT64',
};

/**
 * One input of shape [N, 1] per raw column: numbers with NaN for missing, strings with '', timestamps in epoch ms.
 * @throws DomainError `data_invalid` when a column has the name of an output, which ONNX cannot tell apart
 */
export const addColumnInputs = (graph: GraphBuilder, columns: FittedColumn[], outputs: string[]): void => {
  for (const { name, kind } of columns) {
    if (outputs.includes(name) || name.startsWith('\u0001')) {
      throw new DomainError('data_invalid', `a column that a model reads cannot be called '${name}'`, {
        details: { column: name },
      });
    }
    graph.input(name, inputTypes[kind], [null, 1]);
  }
};
