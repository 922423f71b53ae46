const powers = Array.from({ length: 16 }, (_, exponent) => 10 ** exponent);
/** 10⁻⁶ … 10⁷ */
const bounds = Array.from({ length: 14 }, (_, i) => Number(`1e${i - 6}`));
const one = 6;

/** Of numbers from 10⁻⁵ to 2²³: the exponent of the first digit. */
const exponentOf = (size: number): number => {
  let i = one;
  if (size >= 1) while (size >= bounds[i + 1]!) i++;
  else while (size < bounds[i]!) i--;
  return i - one;
};

/**
 * The number with the fewest digits that is this FP32 again when it is read: 0.1, where JavaScript, which knows FP64 alone,
 * would write 0.10000000149011612. Nine digits always do (FLT_DECIMAL_DIG). Integers of so many digits keep them all; a power
 * of two may get one digit more than it needs, since its neighbours are not equally far.
 * @param value An FP32, as it comes out of a Float32Array
 */
export const shortestOfFloat = (value: number): number => {
  const size = Math.abs(value);
  if (size < 1e9 && Number.isInteger(value)) return value;
  if (size >= 1e9 || size < 1e-5) return shortestByText(value);
  const exponent = exponentOf(size);
  // Fewer digits than six show as zeros at their end.
  for (let after = Math.max(5, exponent); after < 9; after++) {
    const power = powers[after - exponent]!;
    // Both are exact but for this one division, so it is the FP64 that the digits stand for.
    const shorter = Math.round(size * power) / power;
    if (Math.fround(shorter) === size) return value < 0 ? -shorter : shorter;
  }
  return value;
};

const shortestByText = (value: number): number => {
  if (!Number.isFinite(value)) return value;
  // Of the smallest numbers of all one digit is enough.
  for (let digits = 1; digits < 9; digits++) {
    const shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === value) return shorter;
  }
  return Number(value.toPrecision(9));
};
