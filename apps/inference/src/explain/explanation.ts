import type { Feeds } from '../protocol/tensor.js';

/** What each raw column had to do with each prediction. */
export interface Explanation {
  /** In the order of the model's inputs. */
  columns: readonly string[];
  /** One of a regression or of two classes (of the second), else one per class. */
  scores: number;
  rows: number;
  /** rows × scores × (columns + 1), row-major; the last is the base value. */
  values: Float64Array;
}

export const explanationName = 'explanation';

/** One tensor per score, FP64 [rows, columns + 1]: contributions in the order of the inputs, the base value last. */
export const explanationTensors = ({ columns, scores, rows, values }: Explanation): Feeds => {
  const width = columns.length + 1;
  return Object.fromEntries(
    Array.from({ length: scores }, (_, score) => {
      const data = new Float64Array(rows * width);
      for (let row = 0; row < rows; row++) {
        const at = (row * scores + score) * width;
        data.set(values.subarray(at, at + width), row * width);
      }
      const name = scores === 1 ? explanationName : `${explanationName}_${score}`;
      return [name, { type: 'FP64', dims: [rows, width], data }];
    }),
  );
};

export interface RowExplanation {
  base: number;
  contributions: Record<string, number>;
}

/** By column; of several classes by class and column. */
export const explanationOfRow = (
  { columns, scores, values }: Explanation,
  row: number,
  classes?: readonly (string | number | boolean)[],
): RowExplanation | Record<string, RowExplanation> => {
  const width = columns.length + 1;
  const ofScore = (score: number): RowExplanation => {
    const at = (row * scores + score) * width;
    return {
      base: values[at + columns.length]!,
      contributions: Object.fromEntries(columns.map((name, i) => [name, values[at + i]!])),
    };
  };
  if (scores === 1) return ofScore(0);
  const named = classes?.length === scores ? classes : undefined;
  return Object.fromEntries(
    Array.from({ length: scores }, (_, score) => [String(named?.[score] ?? score), ofScore(score)]),
  );
};
