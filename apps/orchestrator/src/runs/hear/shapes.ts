/** What of a worker's message can be relied on: it may be written by anybody. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= 256;

const maxTime = 8.64e15;

/** Epoch milliseconds as a database and a calendar know them; 0 for what is none. */
export const timeOf = (value: unknown): number => {
  const at = Math.trunc(Number(value));
  return at > 0 && at <= maxTime ? at : 0;
};
