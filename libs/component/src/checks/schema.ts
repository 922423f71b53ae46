import type { FieldError, JsonSchema } from '@millrace/contracts';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';

// Strict mode is about schemas that a person mistyped; unknown keywords such as `title` of a form must not hurt.
const ajv = new Ajv2020({ allErrors: true, useDefaults: true, strict: false, logger: false });
const compiled = new WeakMap<JsonSchema, ValidateFunction>();

/** Compiles once per schema object. @throws Error when it is no JSON Schema */
export const compileSchema = (schema: JsonSchema): ValidateFunction => {
  const known = compiled.get(schema);
  if (known) return known;
  const validate = ajv.compile(schema);
  compiled.set(schema, validate);
  return validate;
};

const maxReported = 20;

/** Checks `value`, filling in defaults. @param root prefix of the field paths, e.g. `params` */
export const fieldErrorsOf = (schema: JsonSchema, value: unknown, root: string): FieldError[] => {
  const validate = compileSchema(schema);
  if (validate(value)) return [];
  return (validate.errors ?? []).slice(0, maxReported).map((error) => ({
    field: fieldOf(error, root),
    message: messageOf(error),
  }));
};

/** `/columns/0/name` below `params` → `params.columns[0].name`; what is missing or too much is part of the path. */
const fieldOf = ({ instancePath, params }: ErrorObject, root: string): string => {
  const { missingProperty, additionalProperty } = params as Record<string, string | undefined>;
  const path = instancePath.split('/').slice(1).map(unescapePointer);
  return [...path, missingProperty, additionalProperty]
    .filter((part) => part !== undefined)
    .reduce<string>(
      (field, part) => (/^\d+$/.test(part) ? `${field}[${part}]` : `${field}.${part.slice(0, 100)}`),
      root,
    );
};

const unescapePointer = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~');

const messageOf = ({ keyword, message, params }: ErrorObject): string => {
  if (keyword === 'required') return 'is required';
  if (keyword === 'additionalProperties') return 'is not known';
  if (keyword === 'enum')
    return `must be one of ${JSON.stringify((params as { allowedValues: unknown }).allowedValues)}`;
  if (keyword === 'const')
    return `must be ${JSON.stringify((params as { allowedValue: unknown }).allowedValue)}`;
  return message ?? 'is not valid';
};
