import type { JsonValue } from '@millrace/contracts';
import { CelError } from './cel-error.js';
import type { CelName } from './cel.js';

const maxDepth = 64;

/** Which parts of the bindings are read: `true` is all of it. */
export type Wanted = true | Map<string, Wanted>;

/** Names as a tree. */
export const wantedOf = (names: readonly CelName[]): Map<string, Wanted> => {
  const root = new Map<string, Wanted>();
  for (const name of names) {
    let here = root;
    for (const [index, part] of name.entries()) {
      const known = here.get(part);
      if (known === true) break;
      if (index === name.length - 1) here.set(part, true);
      else if (known) here = known;
      else here.set(part, (here = new Map()));
    }
  }
  return root;
};

type Spend = (units: number) => void;

/** JSON as CEL: whole numbers are ints. Only what is wanted is looked at. */
export const toCel = (value: unknown, wanted: Wanted, spend: Spend, depth = 0): unknown => {
  spend(1);
  if (typeof value === 'number')
    return Number.isSafeInteger(value) && !Object.is(value, -0) ? BigInt(value) : value;
  if (typeof value !== 'object' || value === null) return value ?? null;
  if (depth > maxDepth) throw new CelError(`a value is nested deeper than ${maxDepth} levels`);
  if (Array.isArray(value)) return value.map((item) => toCel(item, true, spend, depth + 1));
  const keys =
    wanted === true ? Object.keys(value) : [...wanted.keys()].filter((key) => Object.hasOwn(value, key));
  return Object.fromEntries(
    keys
      .filter((key) => (value as Record<string, unknown>)[key] !== undefined)
      .map((key) => [
        key,
        toCel(
          (value as Record<string, unknown>)[key],
          wanted === true ? true : (wanted.get(key) ?? true),
          spend,
          depth + 1,
        ),
      ]),
  );
};

/** What CEL gives, as JSON: times and durations as text, bytes as base64. */
export const fromCel = (value: unknown, spend: Spend, depth = 0): JsonValue => {
  spend(1);
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'bigint') {
    const number = Number(value);
    if (!Number.isSafeInteger(number)) throw new CelError(`${value} is beyond the whole numbers of JSON`);
    return number;
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new CelError(`${value} is no JSON number`);
    return value;
  }
  if (depth > maxDepth) throw new CelError(`its value is nested deeper than ${maxDepth} levels`);
  const inner = (item: unknown) => fromCel(item, spend, depth + 1);
  if (Array.isArray(value)) return value.map(inner);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, item]) => [String(key), inner(item)]));
  if (typeof value === 'object' && [Object.prototype, null].includes(Object.getPrototypeOf(value)))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inner(item)]));
  const text = String(value);
  return typeof value === 'object' && /^\d+$/.test(text) ? inner(BigInt(text)) : text;
};
