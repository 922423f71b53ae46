import { DomainError, type ComponentDescriptor, type JsonValue } from '@millrace/contracts';
import type { ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { problemOfSchemaError } from './check-schema.js';
import { referencesIn } from './expression.js';
import type { Problem } from '@millrace/pipeline/definition';

type Params = { [name: string]: JsonValue };

const validators = new WeakMap<ComponentDescriptor, ValidateFunction>();

/** Fills defaults into what it validates. An instance per component, so that a forgotten descriptor is freed. */
const compile = (descriptor: ComponentDescriptor): ValidateFunction => {
  const { $schema: _, ...schema } = descriptor.params;
  try {
    return new Ajv2020({
      allErrors: true,
      strict: false,
      useDefaults: true,
      validateFormats: false,
      logger: false,
    }).compile(schema);
  } catch (cause) {
    const { name, version } = descriptor;
    throw new DomainError('invalid_request', `params of component '${name}' ${version} are no JSON Schema`, {
      cause,
    });
  }
};

const validatorOf = (descriptor: ComponentDescriptor): ValidateFunction => {
  const validator = validators.get(descriptor) ?? compile(descriptor);
  validators.set(descriptor, validator);
  return validator;
};

/** Throws where the descriptor's params are no usable JSON Schema. */
export const assertParamsSchema = (descriptor: ComponentDescriptor): void => void validatorOf(descriptor);

/** The params with the component's defaults where nothing is said. Expressions stay as they are. */
export const withDefaults = (params: Params, descriptor: ComponentDescriptor): Params => {
  const filled = structuredClone(params);
  validatorOf(descriptor)(filled);
  return filled;
};

/** Params against the component's schema; a param with an expression in it is not judged before its value is known. */
export const checkParams = (params: Params, descriptor: ComponentDescriptor): Problem[] => {
  const validate = validatorOf(descriptor);
  const value = structuredClone(params);
  if (validate(value)) return [];
  const open = new Set(referencesIn(params).map(({ path }) => path[0]));
  return (validate.errors ?? [])
    .flatMap((error) => problemOfSchemaError(error, value))
    .filter(({ path }) => path.length === 0 || !open.has(path[0]));
};
