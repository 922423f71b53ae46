/** Marks, in front of its digits, an integer that was quoted to survive `JSON.parse`. */
const mark = '\u0000int:';
const longInteger = /^-?\d{16,}$/;

/**
 * Parses JSON text (known to be valid) with integers of 16 digits and more kept as marked strings, where `JSON.parse`
 * would round them: see `toExactIntegers`. Several times the cost, so only for requests that hold such a number.
 */
export const parseWithExactIntegers = (text: string): unknown => JSON.parse(quoteLongIntegers(text));

/** Tensor data out of such a parse, nested up to `depth`, with its marked strings as bigint. */
export const toExactIntegers = (data: readonly unknown[], depth: number): unknown[] =>
  data.map((value) => {
    if (Array.isArray(value) && depth > 1) return toExactIntegers(value, depth - 1);
    if (typeof value !== 'string' || !value.startsWith(mark)) return value;
    const digits = value.slice(mark.length);
    return longInteger.test(digits) ? BigInt(digits) : value;
  });

/** One pass over the text, no regular expression over the whole: its strings may be megabytes long. */
const quoteLongIntegers = (text: string): string => {
  let quoted = '';
  let copied = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text.charCodeAt(i);
    if (character === 0x22) i = endOfString(text, i);
    else if (character === 0x2d || isDigit(character)) {
      const end = endOfNumber(text, i);
      const token = text.slice(i, end);
      if (longInteger.test(token)) {
        quoted += `${text.slice(copied, i)}"\\u0000int:${token}"`;
        copied = end;
      }
      i = end - 1;
    }
  }
  return quoted + text.slice(copied);
};

const isDigit = (character: number): boolean => character >= 0x30 && character <= 0x39;

/** Index of the closing quote. */
const endOfString = (text: string, start: number): number => {
  let i = start + 1;
  while (i < text.length && text.charCodeAt(i) !== 0x22) i += text.charCodeAt(i) === 0x5c ? 2 : 1;
  return i;
};

/** Index after the last character of the number: digits, sign, point, exponent. */
const endOfNumber = (text: string, start: number): number => {
  let i = start + 1;
  while (i < text.length && '0123456789.eE+-'.includes(text[i]!)) i++;
  return i;
};
