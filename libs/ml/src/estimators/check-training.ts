import type { FeatureMatrix } from '../matrix/feature-matrix.js';
import { MlError } from '../ml-error.js';
import type { FitOptions } from './estimator.js';

/** @throws MlError that says what cannot be learned from. */
export const checkTraining = (X: FeatureMatrix, y: ArrayLike<number>, options: FitOptions): void => {
  const { l2 = 1, maxIterations = 200, tolerance = 1e-6 } = options;
  if (!(l2 >= 0 && Number.isFinite(l2))) throw new MlError('invalid_option', 'l2 is not a number from 0');
  if (!(Number.isInteger(maxIterations) && maxIterations > 0)) {
    throw new MlError('invalid_option', 'maxIterations is not a positive integer');
  }
  if (!(tolerance > 0)) throw new MlError('invalid_option', 'tolerance is not positive');
  if (X.rows === 0) throw new MlError('no_rows', 'there are no rows to learn from');
  if (y.length !== X.rows) throw new MlError('dimension_mismatch', `${y.length} labels for ${X.rows} rows`);
  for (let row = 0; row < y.length; row++) {
    if (!Number.isFinite(y[row]!)) {
      throw new MlError('missing_label', `the label is missing or NaN in row ${row}`, { row });
    }
  }
  for (const block of X.blocks) {
    if (block.kind !== 'dense') continue;
    const at = block.values.findIndex((x) => !Number.isFinite(x));
    if (at >= 0) {
      const row = Math.floor(at / block.width);
      const feature = block.offset + (at % block.width);
      throw new MlError('not_finite', `feature ${feature} is not a finite number in row ${row}`, { row });
    }
  }
};
