import { elementAt } from '@millrace/onnx';
import type { Feeds, Tensor } from '../protocol/tensor.js';

export interface OutputsCompared {
  rows: number;
  /** Rows where every output that both have is the same. */
  agreed: number;
  /** Of two numbers that are no integers; undefined where there were none. */
  largestDifference: number | undefined;
  largestDifferenceIn: string | undefined;
}

/**
 * One row of answers beside another. Texts, integers and classes must be equal; other numbers may differ by `tolerance`, or
 * by that times the larger one. NaN is the same as NaN.
 */
export const compareOutputs = (a: Feeds, b: Feeds, rows: number, tolerance: number): OutputsCompared => {
  const result: OutputsCompared = {
    rows,
    agreed: 0,
    largestDifference: undefined,
    largestDifferenceIn: undefined,
  };
  const differs = new Uint8Array(rows);
  for (const name in a) if (b[name]) compareTensor(name, a[name]!, b[name], tolerance, differs, result);
  for (const row of differs) result.agreed += 1 - row;
  return result;
};

const compareTensor = (
  name: string,
  a: Tensor,
  b: Tensor,
  tolerance: number,
  differs: Uint8Array,
  result: OutputsCompared,
): void => {
  const rows = differs.length;
  if (a.type !== b.type || a.data.length !== b.data.length) {
    differs.fill(1);
    return;
  }
  const byRow = a.dims[0] === rows;
  const width = a.data.length / rows;
  for (let i = 0; i < a.data.length; i++) {
    const [x, y] = [elementAt(a, i), elementAt(b, i)];
    if (same(x, y)) continue;
    if (isReal(a.type)) {
      const difference = Math.abs((x as number) - (y as number));
      const finite = Number.isFinite(difference);
      if (finite && difference > (result.largestDifference ?? -1)) {
        result.largestDifference = difference;
        result.largestDifferenceIn = name;
      }
      const allowed = tolerance * Math.max(1, Math.abs(x as number), Math.abs(y as number));
      if (finite && difference <= allowed) continue;
    }
    // Of a model that does not answer by row, any difference is one of all rows.
    if (byRow) differs[Math.floor(i / width)] = 1;
    else differs.fill(1);
  }
  if (isReal(a.type) && result.largestDifference === undefined) {
    result.largestDifference = 0;
    result.largestDifferenceIn = name;
  }
};

const same = (x: unknown, y: unknown): boolean => x === y || (Number.isNaN(x) && Number.isNaN(y));

const isReal = (type: string): boolean => type === 'FP64' || type === 'FP32' || type === 'FP16';
