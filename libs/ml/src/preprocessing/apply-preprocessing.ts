import { toDense, type FeatureBlock, type FeatureMatrix } from '../matrix/feature-matrix.js';
import { MlError } from '../ml-error.js';
import { selectColumn } from '../table/select-column.js';
import type { Column, Table } from '../table/table.js';
import { numericValues, stringValues } from './column-values.js';
import type {
  FittedColumn,
  FittedNumber,
  FittedOneHot,
  FittedPart,
  FittedPreprocessing,
} from './fitted-preprocessing.js';

/**
 * The features of `table` in compact form. All arithmetic is float32 in a fixed order, so that an ONNX graph that does
 * the same steps yields the same bits. Does not learn anything: unknown categories are all zeros.
 * @throws MlError `unknown_column`, `column_type`
 */
export const transformTable = (fitted: FittedPreprocessing, table: Table): FeatureMatrix => {
  const blocks: FeatureBlock[] = [];
  for (const run of runsOf(fitted)) {
    const first = run[0]!.part;
    if (first.encode === 'oneHot') {
      blocks.push(oneHotBlock(columnOf(run[0]!.column, table), first, table.rows));
    } else {
      const values = new Float32Array(table.rows * run.length);
      run.forEach(({ column, part }, j) => {
        if (part.encode === 'number') fillDense(values, run.length, j, columnOf(column, table), part);
      });
      blocks.push({ kind: 'dense', offset: first.offset, width: run.length, values });
    }
  }
  return { rows: table.rows, columns: fitted.features.length, blocks };
};

/** The features of `table`, row-major. */
export const applyPreprocessing = (
  fitted: FittedPreprocessing,
  table: Table,
): { rows: number; columns: number; values: Float32Array } => {
  const matrix = transformTable(fitted, table);
  return { rows: matrix.rows, columns: matrix.columns, values: toDense(matrix) };
};

interface Source {
  column: FittedColumn;
  part: FittedPart;
}

/** Neighbouring numbers share a block; each one-hot part is one of its own. */
const runsOf = (fitted: FittedPreprocessing): Source[][] => {
  const runs: Source[][] = [];
  for (const column of fitted.columns) {
    for (const part of column.parts) {
      const last = runs.at(-1);
      if (part.encode === 'number' && last?.[0]!.part.encode === 'number') last.push({ column, part });
      else runs.push([{ column, part }]);
    }
  }
  return runs;
};

const isNumeric = (kind: Column['kind']) => kind === 'number' || kind === 'boolean';

const columnOf = (fitted: FittedColumn, table: Table): Column => {
  const column = selectColumn(table, fitted.name);
  if (column.kind !== fitted.kind && !(isNumeric(column.kind) && isNumeric(fitted.kind))) {
    throw new MlError('column_type', `column '${fitted.name}' is a ${column.kind}, not a ${fitted.kind}`, {
      column: fitted.name,
    });
  }
  return column;
};

const fillDense = (
  out: Float32Array,
  width: number,
  at: number,
  column: Column,
  part: FittedNumber & FittedPart,
): void => {
  const values = numericValues(column as Exclude<Column, { kind: 'string' }>, part.part);
  const { fill, center, factor } = part;
  for (let row = 0; row < values.length; row++) {
    const x = values[row]!;
    out[row * width + at] = Math.fround((Number.isNaN(x) ? fill : x) - center) * factor;
  }
};

const oneHotBlock = (column: Column, part: FittedOneHot & FittedPart, rows: number): FeatureBlock => {
  const { categories, width, offset } = part;
  const positions = new Map<string | number, number>();
  categories.forEach((category, i) => positions.set(category, i));
  const missing = part.fill === null ? width : (positions.get(part.fill) ?? width);
  const index = width < 65_535 ? new Uint16Array(rows) : new Int32Array(rows);
  const values = column.kind === 'string' ? stringValues(column) : numericValues(column, part.part);
  for (let row = 0; row < rows; row++) {
    const value = values[row]!;
    index[row] = value === null || Number.isNaN(value) ? missing : (positions.get(value) ?? width);
  }
  return { kind: 'oneHot', offset, width, index };
};
