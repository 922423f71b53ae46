import { MlError } from '../ml-error.js';

/** @throws MlError `no_rows`, `dimension_mismatch` */
export const checkLengths = (truth: ArrayLike<number>, other: ArrayLike<number>, width = 1): void => {
  if (truth.length === 0) throw new MlError('no_rows', 'there are no rows to measure');
  if (other.length !== truth.length * width) {
    throw new MlError('dimension_mismatch', `${other.length} values for ${truth.length} rows of ${width}`);
  }
};
