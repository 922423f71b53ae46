import { createRequire } from 'node:module';
import { InvalidRequest, type Dto, type FieldError } from '@millrace/contracts';
import { plainToInstance } from 'class-transformer';
import { propertiesOf } from './passes-validation.js';

/** What class-transformer's decorators said. Not part of its public entry. */
interface TransformerStorage {
  findTypeMetadata(
    target: object,
    property: string,
  ): { typeFunction?: () => object; options?: { discriminator?: unknown } } | undefined;
  findTransformMetadatas(target: object, property: string, direction: number): unknown[];
  getExposedMetadatas(target: object): unknown[];
  getExcludedMetadatas(target: object): unknown[];
  getStrategy(target: object): string;
}

const { defaultMetadataStorage: storage } = createRequire(import.meta.url)(
  'class-transformer/cjs/storage.js',
) as { defaultMetadataStorage: TransformerStorage };

/** The `@Type` of each property that has one. */
type Types = ReadonlyMap<string, object>;

const plainToClass = 0;
const cache = new WeakMap<object, Types | 'otherwise decorated'>();

const maxDepth = 100;
const maxItems = 10_000;
/** A hostile body may have a hundred thousand unknown fields; after so many nothing more is looked at. */
const maxUnknown = 20;

/**
 * `plainToInstance` for JSON that nobody else holds: linear in its size (class-transformer compares every key of an
 * object with every other, so that one message holds a service up for many seconds), without copying what has no
 * `@Type`, and with limits. A class with class-transformer's other decorators goes its way.
 * @throws InvalidRequest for deep nesting, far too many fields or items, and fields named like parts of an object
 */
export const instantiate = <T extends object>(dto: Dto<T>, body: object, path = ''): T => {
  const types = typesOf(dto);
  if (types === 'otherwise decorated') return plainToInstance(dto, body);
  const known = propertiesOf(dto);
  const unknown: FieldError[] = [];
  const instance = new dto() as Record<string, unknown>;
  for (const [key, value] of Object.entries(body)) {
    const field = below(path, key);
    if (!known.has(key)) {
      unknown.push({ field, message: 'is not known' });
      // `constructor` or `__proto__` assigned would change what the validator looks at.
      if (unknown.length === maxUnknown || key in instance) throw new InvalidRequest(unknown);
    }
    const type = types.get(key);
    instance[key] = type ? convert(type as Dto, value, field) : limited(value, field);
  }
  return instance as T;
};

const below = (path: string, key: string): string =>
  path === '' ? key.slice(0, 100) : `${path}.${key.slice(0, 100)}`;

/** As class-transformer does it for a property with `@Type(() => type)`. */
const convert = (type: Dto, value: unknown, field: string): unknown => {
  if (value === null || value === undefined) return value;
  if (Array.isArray(value)) {
    if (value.length > maxItems)
      throw new InvalidRequest([{ field, message: `has more than ${maxItems} items` }]);
    return value.map((item, i) => convert(type, item, `${field}[${i}]`));
  }
  const primitive = primitives.get(type);
  if (primitive) return primitive(value);
  return typeof value === 'object' ? instantiate(type, value, field) : value;
};

const primitives = new Map<unknown, (value: unknown) => unknown>([
  [Number, Number],
  [String, String],
  [Boolean, Boolean],
  [Date, (value) => new Date(value as string)],
]);

/** The value itself, once it is seen to be no deeper than anybody means. */
const limited = (value: unknown, field: string, depth = 0): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if (depth === maxDepth) throw new InvalidRequest([{ field, message: 'is nested too deeply' }]);
  for (const [key, inner] of Object.entries(value)) {
    if (key === '__proto__') throw new InvalidRequest([{ field, message: 'may have no __proto__' }]);
    limited(inner, field, depth + 1);
  }
  return value;
};

const typesOf = (dto: Dto): Types | 'otherwise decorated' => {
  const known = cache.get(dto);
  if (known) return known;
  const types = readTypes(dto);
  cache.set(dto, types);
  return types;
};

const readTypes = (dto: Dto): Types | 'otherwise decorated' => {
  const properties = [...propertiesOf(dto)];
  const otherwise =
    storage.getStrategy(dto) !== 'none' ||
    storage.getExposedMetadatas(dto).length > 0 ||
    storage.getExcludedMetadatas(dto).length > 0 ||
    properties.some((name) => storage.findTransformMetadatas(dto, name, plainToClass).length > 0);
  if (otherwise) return 'otherwise decorated';
  const types = new Map<string, object>();
  for (const name of properties) {
    const type = storage.findTypeMetadata(dto, name);
    if (type?.options?.discriminator) return 'otherwise decorated';
    if (type?.typeFunction) types.set(name, type.typeFunction());
  }
  return types;
};
