import { pipelineSchema } from '@millrace/contracts';
import type { ErrorObject } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { didYouMean } from './did-you-mean.js';
import type { Path, Problem } from '@millrace/pipeline/definition';

const validate = new Ajv2020({ allErrors: true, strict: false, verbose: true }).compile(pipelineSchema);

/** `/steps/fit/after/0` → `['steps', 'fit', 'after', 0]`, as far as the value itself says which are indices. */
export const pathOfPointer = (pointer: string, value: unknown): Path => {
  let here = value;
  return pointer
    .split('/')
    .slice(1)
    .map((part) => {
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
      const path = Array.isArray(here) ? Number(key) : key;
      here = (here as Record<string, unknown> | undefined)?.[key];
      return path;
    });
};

const unknownField = (path: Path, name: string, schema: ErrorObject['parentSchema']): Problem => {
  const known = (schema as { properties?: object } | undefined)?.properties ?? {};
  return { path: [...path, name], message: `is not a known field${didYouMean(name, Object.keys(known))}` };
};

/** What JSON Schema found, said of the field that is wrong rather than of the object around it. */
export const problemOfSchemaError = (error: ErrorObject, value: unknown): Problem[] => {
  const path = pathOfPointer(error.instancePath, value);
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'required':
      return [{ path: [...path, String(params['missingProperty'])], message: 'is missing' }];
    case 'additionalProperties':
      return [unknownField(path, String(params['additionalProperty']), error.parentSchema)];
    case 'propertyNames':
      return [
        {
          path: [...path, String(params['propertyName'])],
          message: 'is not a valid name: a-z, 0-9 and -, beginning with a letter, at most 63',
        },
      ];
    case 'enum':
      return [{ path, message: `must be one of ${JSON.stringify(params['allowedValues'])}` }];
    case 'oneOf':
    case 'anyOf': {
      if (error.keyword === 'oneOf' && typeof error.data !== 'object') return []; // its type is reported
      const said = (error.parentSchema as { errorMessage?: unknown } | undefined)?.errorMessage;
      return [{ path, message: typeof said === 'string' ? said : (error.message ?? error.keyword) }];
    }
    default:
      // The reason for a bad property name, which is reported above.
      return error.propertyName === undefined ? [{ path, message: error.message ?? error.keyword }] : [];
  }
};

/** Why one alternative doesn't fit says less than what the alternatives are. */
const withinAlternative = ({ schemaPath }: ErrorObject) => /\/(oneOf|anyOf)\/\d+\//.test(schemaPath);

export const checkSchema = (value: unknown): Problem[] =>
  validate(value)
    ? []
    : (validate.errors ?? [])
        .filter((error) => !withinAlternative(error))
        .flatMap((error) => problemOfSchemaError(error, value));
