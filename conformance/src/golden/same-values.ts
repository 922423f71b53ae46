import type { Datatype } from '@millrace/contracts';

/** Within half a unit in the last place: of the many ways to write a number of few bits in decimal, it is one. */
const closeToHalf = (a: number, b: number): boolean => {
  const exponent = Math.max(-14, Math.floor(Math.log2(Math.abs(b))));
  return Math.abs(a - b) <= 2 ** (exponent - 11) && Object.is(Math.sign(a), Math.sign(b));
};

/** Are two elements, as JSON writes them, one value of the datatype? */
export const sameElement = (datatype: Datatype, said: string, expected: string): boolean => {
  if (datatype === 'BYTES' || datatype === 'BOOL') return JSON.parse(said) === JSON.parse(expected);
  const [a, b] = [Number(said), Number(expected)];
  if (datatype === 'FP16') return closeToHalf(a, b);
  if (datatype === 'FP32') return Object.is(Math.fround(a), Math.fround(b));
  return datatype === 'FP64' ? Object.is(a, b) : BigInt(said) === BigInt(expected);
};

const token = /"(?:[^"\\]|\\.)*"|[^\s,[\]]+/g;

/** The elements of an array of JSON, nested or flat, as they are written: no number is read, so none is rounded. */
export const elementsIn = (array: string): string[] => array.match(token) ?? [];

/** The text of the `data` of the first output. @throws where there is none */
export const dataIn = (response: string): string => {
  const start = /"data"\s*:\s*\[/.exec(response);
  if (!start) throw new Error(`there is no data in ${response.slice(0, 200)}`);
  const from = start.index + start[0].length - 1;
  let depth = 0;
  for (let i = from; i < response.length; i++) {
    const character = response[i];
    if (character === '"') i = endOfString(response, i);
    else if (character === '[') depth += 1;
    else if (character === ']' && --depth === 0) return response.slice(from, i + 1);
  }
  throw new Error(`the data does not end in ${response.slice(0, 200)}`);
};

const endOfString = (text: string, start: number): number => {
  let i = start + 1;
  while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
  return i;
};
