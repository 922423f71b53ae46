/** Statistics of the values that are not NaN. Each is NaN when there is none. */
export const present = (values: Float64Array): Float64Array => values.filter((x) => !Number.isNaN(x));

export const meanOf = (values: Float64Array): number => {
  let sum = 0;
  for (const x of values) sum += x;
  return sum / values.length;
};

/** Population standard deviation, in two passes. */
export const deviationOf = (values: Float64Array): number => {
  const mean = meanOf(values);
  let sum = 0;
  for (const x of values) sum += (x - mean) * (x - mean);
  return Math.sqrt(sum / values.length);
};

/** The mean of the two middle values of an even count. */
export const medianOf = (values: Float64Array): number => {
  const sorted = values.slice().sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

/** `[value, count]`, most frequent first, equal counts in ascending order of values. */
export const frequencies = <T extends string | number>(values: Iterable<T>): [T, number][] => {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
};
