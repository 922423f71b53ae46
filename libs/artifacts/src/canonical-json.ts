import { InvalidRequest } from '@millrace/contracts';

const maxDepth = 500;

/**
 * JSON with sorted keys and no white space, after RFC 8785 (JCS): equal values have equal bytes. What JSON cannot say
 * (NaN, Infinity, bigint, typed arrays, cycles) is refused with its path instead of silently becoming something else;
 * `undefined` properties are left out, as by `JSON.stringify`.
 */
export const canonicalJson = (value: unknown): string => write(value, '$', 0);

const write = (value: unknown, path: string, depth: number): string => {
  if (depth > maxDepth) throw refusal(path, `nested deeper than ${maxDepth} levels, or a cycle`);
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return JSON.stringify(value);
    case 'number':
      if (!Number.isFinite(value)) throw refusal(path, `${value} is not JSON`);
      return JSON.stringify(value);
    case 'object':
      return writeObject(value, path, depth);
    default:
      throw refusal(path, `a ${typeof value} is not JSON`);
  }
};

const writeObject = (value: object | null, path: string, depth: number): string => {
  if (value === null) return 'null';
  if (hasToJson(value)) return write(value.toJSON(), path, depth + 1);
  if (ArrayBuffer.isView(value)) throw refusal(path, 'a typed array is not JSON');
  if (Array.isArray(value)) {
    return `[${value.map((item, i) => write(item ?? null, `${path}[${i}]`, depth + 1)).join(',')}]`;
  }
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${write(member, `${path}.${key}`, depth + 1)}`);
  return `{${members.join(',')}}`;
};

const hasToJson = (value: object): value is { toJSON(): unknown } =>
  typeof (value as { toJSON?: unknown }).toJSON === 'function';

const refusal = (path: string, message: string): InvalidRequest =>
  new InvalidRequest([{ field: path.length > 200 ? `${path.slice(0, 200)}…` : path, message }]);
