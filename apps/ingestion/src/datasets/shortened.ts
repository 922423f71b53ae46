const maxText = 1000;

const shorten = (value: unknown): unknown =>
  typeof value === 'string' && value.length > maxText ? `${value.slice(0, maxText)}…` : value;

/** Rows to look at: long texts cut off, so that a reply fits a message. */
export const shortened = (rows: readonly Record<string, unknown>[]): Record<string, unknown>[] =>
  rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, shorten(value)])));
