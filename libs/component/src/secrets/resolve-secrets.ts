import { InvalidRequest, type FieldError, type JsonValue } from '@millrace/contracts';
import type { SecretSource } from './secret-source.js';

/** How a secret travels: `{"$secret": "warehouse"}`, by its name. */
const referenceIn = (value: object): string | undefined => {
  const [[key, name] = [], ...more] = Object.entries(value);
  return more.length === 0 && key === '$secret' && typeof name === 'string' ? name : undefined;
};

export interface Resolved {
  params: { [name: string]: JsonValue };
  /** The values, so that they can be kept out of what is said. */
  secrets: Set<string>;
}

/**
 * Params with the secrets in the places of their names. Only here do both meet: in the worker's memory.
 * @throws InvalidRequest naming the fields whose secrets this worker doesn't have
 */
export const resolveSecrets = async (
  params: { [name: string]: JsonValue },
  source: SecretSource,
): Promise<Resolved> => {
  const secrets = new Set<string>();
  const missing: FieldError[] = [];
  const resolve = async (value: JsonValue, field: string): Promise<JsonValue> => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return Promise.all(value.map((item, i) => resolve(item, `${field}[${i}]`)));
    const name = referenceIn(value);
    if (name === undefined) return resolveAll(value, field);
    const secret = await source.get(name);
    if (secret === undefined) {
      missing.push({ field, message: `secret '${name.slice(0, 63)}' is not known to this worker` });
      return null;
    }
    secrets.add(secret);
    return secret;
  };
  const resolveAll = async (values: { [name: string]: JsonValue }, field: string) => {
    const entries = Object.entries(values).map(
      async ([name, value]) => [name, await resolve(value, `${field}.${name}`)] as const,
    );
    return Object.fromEntries(await Promise.all(entries));
  };
  const resolved = mentionsSecret(params) ? await resolveAll(params, 'params') : params;
  if (missing.length > 0) throw new InvalidRequest(missing);
  return { params: resolved, secrets };
};

/** Most tasks have none, and are spared the copy. */
const mentionsSecret = (value: JsonValue): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, item]) => key === '$secret' || mentionsSecret(item));
};
