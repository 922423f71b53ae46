/** A value as an error message shows it: its type, and its beginning. */
export const describeValue = (value: unknown): string => {
  if (value === null) return 'null';
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string')
    return value.isWellFormed() ? JSON.stringify(shorten(value)) : 'a string with a lone surrogate';
  if (value === Infinity || value === -Infinity) return 'a number beyond FP64';
  return String(value);
};

/** Names in messages come from the caller: short and printable. */
export const shorten = (text: string, length = 64): string =>
  (text.length > length ? `${text.slice(0, length)}…` : text).toWellFormed();
