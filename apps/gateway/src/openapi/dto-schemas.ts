// eslint-disable-next-line @typescript-eslint/triple-slash-reference -- ambient, so there is nothing to import
/// <reference path="./class-transformer-storage.d.ts" />
import type { Dto } from '@millrace/contracts';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { getMetadataStorage } from 'class-validator';
import { validationMetadatasToSchemas } from 'class-validator-jsonschema';
import type { Schema } from './schema.js';

type Options = NonNullable<Parameters<typeof validationMetadatasToSchemas>[0]>;

/** JSON Schemas of every DTO that was imported, by class name, made from the decorators that also check requests. */
export const dtoSchemas = (): Record<string, Schema> =>
  validationMetadatasToSchemas({
    classTransformerMetadataStorage: defaultMetadataStorage as Options['classTransformerMetadataStorage'],
    classValidatorMetadataStorage: getMetadataStorage(),
    refPointerPrefix: '#/components/schemas/',
  }) as Record<string, Schema>;

/** A DTO without fields has no decorators, and so no schema of its own. */
export const schemaOf = (dto: Dto, schemas: Record<string, Schema>): Schema =>
  schemas[dto.name] ?? { type: 'object', additionalProperties: false };

const refs = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(refs);
  return Object.entries(value).flatMap(([key, item]) =>
    key === '$ref' && typeof item === 'string' ? [item.slice('#/components/schemas/'.length)] : refs(item),
  );
};

/** Only the schemas that are reachable from something: not everything imported is spoken over HTTP. */
export const reachable = (from: unknown, schemas: Record<string, Schema>): Record<string, Schema> => {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    for (const name of refs(value)) {
      if (found.has(name)) continue;
      found.add(name);
      visit(schemas[name]);
    }
  };
  visit(from);
  return Object.fromEntries([...found].sort().map((name) => [name, schemas[name] ?? {}]));
};
