/**
 * Parts of a UTC timestamp. `month` is 1…12, `day` 1…31, `hour` 0…23, `minute` 0…59, `weekday` 0 (Sunday)…6;
 * `year` is the astronomical year.
 */
export const dateParts = ['year', 'month', 'day', 'weekday', 'hour', 'minute'] as const;
export type DatePart = (typeof dateParts)[number];

export type ImputeStep = { impute: 'mean' | 'median' | 'mostFrequent' | { constant: number | string } };
/** Subtracts the mean and divides by the population standard deviation (by 1 where that is 0). */
export type ScaleStep = { scale: 'standard' };
/**
 * One column per category, 1 where it holds. The `maxCategories` most frequent ones seen at least `minCount` times
 * are kept; anything else, unknown or missing is all zeros.
 */
export type OneHotStep = { oneHot: { maxCategories?: number; minCount?: number } };
/** Splits a timestamp into numbers; the steps after it apply to each of them. */
export type DatePartsStep = { dateParts: DatePart[] };

export type ColumnStep = ImputeStep | ScaleStep | OneHotStep | DatePartsStep;

/**
 * Steps per raw column. Allowed forms: `[dateParts?] [impute?] [scale? | oneHot?]`, where `dateParts` is for
 * timestamps only (and a must for them), and strings end in `oneHot`. Columns not named are not used.
 */
export interface PreprocessingSpec {
  columns: Record<string, ColumnStep[]>;
}

export const defaultMaxCategories = 100;
export const largestMaxCategories = 10_000;
