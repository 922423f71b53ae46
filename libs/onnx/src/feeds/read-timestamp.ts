/** Date, optionally time, optionally zone; without a zone it is UTC. */
const iso8601 =
  /^([+-]\d{6}|\d{4})-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** Epoch milliseconds of an ISO 8601 text or of an integer that already is that; undefined for anything else. */
export const readTimestamp = (value: unknown): number | undefined => {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.getTime();
  if (typeof value !== 'string' || value.length > 40) return undefined;
  const match = iso8601.exec(value);
  if (!match) return undefined;
  const text = value.replace(' ', 'T');
  const ms = Date.parse(text.includes('T') && match[2] === undefined ? `${text}Z` : text);
  return Number.isNaN(ms) ? undefined : ms;
};
