/**
 * FP16 (IEEE 754 binary16) is kept as its 16 bits in a Uint16Array: Node has no Float16Array before 24.
 */

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

/** Beyond it a number rounds to infinity. Exclusive. */
export const halfLimit = 65_520;

/** The nearest FP16, ties to even, as bits. From `halfLimit` on it is infinity. */
export const toHalf = (value: number): number => {
  double[0] = value;
  const sign = (words[1]! >>> 16) & 0x8000;
  if (Number.isNaN(value)) return sign | 0x7e00;
  const size = Math.abs(value);
  if (size >= halfLimit) return sign | 0x7c00;
  const exponent = Math.max(((words[1]! >>> 20) & 0x7ff) - 1023, -14);
  // Of a normal number 1024 … 2048: its hidden one carries into the exponent, and so does rounding up.
  return sign | (((exponent + 14) << 10) + roundToEven(size / 2 ** (exponent - 10)));
};

const roundToEven = (value: number): number => {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && (floor & 1) === 1) ? floor + 1 : floor;
};

/** The number that the bits stand for, exactly. */
export const fromHalf = (bits: number): number => {
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  const size =
    exponent === 0
      ? fraction * 2 ** -24
      : exponent < 0x1f
        ? (1024 + fraction) * 2 ** (exponent - 25)
        : fraction === 0
          ? Infinity
          : NaN;
  return bits & 0x8000 ? -size : size;
};

/** The number with the fewest digits that rounds to these bits: 0.1, where the exact value is 0.0999755859375. */
export const shortestOfHalf = (bits: number): number => {
  const exact = fromHalf(bits);
  for (let digits = 1; digits < 5; digits++) {
    const shorter = Number(exact.toPrecision(digits));
    if (toHalf(shorter) === bits) return shorter;
  }
  return exact === 0 || !Number.isFinite(exact) ? exact : Number(exact.toPrecision(5));
};
