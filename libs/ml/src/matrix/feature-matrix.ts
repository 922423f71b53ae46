import { MlError } from '../ml-error.js';

/** Row-major float32 values of `width` neighbouring features. */
export interface DenseBlock {
  kind: 'dense';
  offset: number;
  width: number;
  /** rows × width */
  values: Float32Array;
}

/** One-hot features kept as one category index per row; `width` means none of them. */
export interface OneHotBlock {
  kind: 'oneHot';
  offset: number;
  width: number;
  /** One per row. */
  index: Uint16Array | Int32Array;
}

export type FeatureBlock = DenseBlock | OneHotBlock;

/**
 * A features matrix in compact form: what is one-hot costs two or four bytes a row instead of four bytes a category, and
 * products with it cost one addition. Blocks cover all columns once, in order.
 */
export interface FeatureMatrix {
  rows: number;
  columns: number;
  blocks: FeatureBlock[];
}

/** Wraps row-major values without copying. @throws MlError `dimension_mismatch` */
export const denseMatrix = (values: Float32Array, rows: number, columns: number): FeatureMatrix => {
  if (values.length !== rows * columns) {
    throw new MlError('dimension_mismatch', `${values.length} values are not ${rows} × ${columns}`);
  }
  return { rows, columns, blocks: [{ kind: 'dense', offset: 0, width: columns, values }] };
};

/** Row-major rows × columns. Large for one-hot features: for checks and small data. */
export const toDense = (matrix: FeatureMatrix): Float32Array => {
  const { rows, columns } = matrix;
  const out = new Float32Array(rows * columns);
  for (const block of matrix.blocks) {
    for (let row = 0; row < rows; row++) {
      const to = row * columns + block.offset;
      if (block.kind === 'dense') {
        for (let j = 0; j < block.width; j++) out[to + j] = block.values[row * block.width + j]!;
      } else {
        const category = block.index[row]!;
        if (category < block.width) out[to + category] = 1;
      }
    }
  }
  return out;
};
