import type { PortValue } from '@millrace/contracts';

/** Two such sets of values fit into one answer. */
const maxBytes = 400_000;
const maxLength = 1_000;

export interface Shortened<T extends PortValue> {
  values: { [name: string]: T };
  /** Names of the values that are not whole. */
  shortened: string[];
}

/** Values, as they are or, where all of them together are too long for an answer, the long ones as their beginnings. */
export const shorten = <T extends PortValue>(
  values: { readonly [name: string]: T },
  limit = maxBytes,
): Shortened<T> => {
  const texts = Object.entries(values).map(([name, value]) => ({ name, value, text: JSON.stringify(value) }));
  const bytes = texts.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  const isLong = ({ text }: { text: string }) => bytes > limit && text.length > maxLength;
  return {
    values: Object.fromEntries(
      texts.map((one) => [
        one.name,
        (isLong(one) ? { truncated: one.text.slice(0, maxLength) } : one.value) as T,
      ]),
    ),
    shortened: texts.filter(isLong).map(({ name }) => name),
  };
};
