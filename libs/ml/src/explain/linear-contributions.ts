import type { FeatureMatrix } from '../matrix/feature-matrix.js';

/** A linear model beside the data that it was fitted on. */
export interface LinearScores {
  /** Features × scores, row-major. */
  coefficients: Float64Array;
  /** One per score. */
  intercepts: Float64Array;
  /** Of the training rows: one per feature. */
  means: Float64Array;
}

/** What the model says of the mean training row, by score: what contributions are counted from. */
export const linearBase = ({ coefficients, intercepts, means }: LinearScores): Float64Array => {
  const k = intercepts.length;
  return intercepts.map((intercept, score) =>
    means.reduce((sum, mean, feature) => sum + coefficients[feature * k + score]! * mean, intercept),
  );
};

/**
 * Coefficient × (value − mean), summed over the features of each raw column.
 * @param columnOf index of each feature's raw column
 * @returns rows × scores × columns, row-major
 */
export const linearContributions = (
  { coefficients, intercepts, means }: LinearScores,
  X: FeatureMatrix,
  columnOf: ArrayLike<number>,
  columns: number,
): Float64Array => {
  const k = intercepts.length;
  const out = new Float64Array(X.rows * k * columns);
  const atMean = new Float64Array(k * columns);
  means.forEach((mean, feature) => {
    for (let score = 0; score < k; score++)
      atMean[score * columns + columnOf[feature]!]! += coefficients[feature * k + score]! * mean;
  });
  const add = (row: number, feature: number, x: number): void => {
    const to = row * k * columns + columnOf[feature]!;
    for (let score = 0; score < k; score++)
      out[to + score * columns]! += coefficients[feature * k + score]! * x;
  };
  for (const block of X.blocks)
    for (let row = 0; row < X.rows; row++)
      if (block.kind === 'oneHot') {
        const category = block.index[row]!;
        if (category < block.width) add(row, block.offset + category, 1);
      } else
        for (let j = 0; j < block.width; j++)
          add(row, block.offset + j, block.values[row * block.width + j]!);
  return out.map((value, i) => value - atMean[i % atMean.length]!);
};
