/** A pivot below this share of its diagonal entry means: linearly dependent on the features before it. */
const dependent = 1e-10;

/**
 * Solves A·x = b for a symmetric positive semi-definite A (lower triangle, row-major d × d, overwritten). Where a row
 * depends on those before it, its x is 0.
 */
export const solveCholesky = (
  A: Float64Array,
  b: Float64Array,
  onRow: (row: number) => void,
): Float64Array => {
  const d = b.length;
  const x = b.slice();
  const skipped = new Uint8Array(d);
  for (let i = 0; i < d; i++) {
    onRow(i);
    const diagonal = A[i * d + i]!;
    for (let j = 0; j <= i; j++) {
      let sum = A[i * d + j]!;
      for (let k = 0; k < j; k++) sum -= A[i * d + k]! * A[j * d + k]!;
      if (j < i) A[i * d + j] = skipped[j] ? 0 : sum / A[j * d + j]!;
      else if (sum > dependent * diagonal) A[i * d + i] = Math.sqrt(sum);
      else {
        skipped[i] = 1;
        A.fill(0, i * d, i * d + i + 1);
      }
    }
  }
  for (let i = 0; i < d; i++) {
    if (skipped[i]) {
      x[i] = 0;
      continue;
    }
    let sum = x[i]!;
    for (let k = 0; k < i; k++) sum -= A[i * d + k]! * x[k]!;
    x[i] = sum / A[i * d + i]!;
  }
  for (let i = d - 1; i >= 0; i--) {
    if (skipped[i]) continue;
    let sum = x[i]!;
    for (let k = i + 1; k < d; k++) if (!skipped[k]) sum -= A[k * d + i]! * x[k]!;
    x[i] = sum / A[i * d + i]!;
  }
  return x;
};
