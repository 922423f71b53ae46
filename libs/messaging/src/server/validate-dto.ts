import { InvalidRequest, type Dto, type FieldError } from '@millrace/contracts';
import { validateSync, type ValidationError } from 'class-validator';
import { instantiate } from './instantiate.js';
import { passesValidation } from './passes-validation.js';

/** A hostile body may have a hundred thousand mistakes; nobody reads more than these. */
const maxReported = 20;

/**
 * Turns parsed JSON into an instance of the DTO, or names every mistaken field (`targets[0].model`). Fields that the DTO
 * does not know are mistakes.
 * @throws InvalidRequest
 */
export const validateDto = <T extends object>(dto: Dto<T>, body: unknown): T => {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new InvalidRequest([{ field: 'body', message: 'must be a JSON object' }]);
  const instance = made(dto, body);
  if (passesValidation(instance)) return instance;
  const errors = validateSync(instance, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: false,
    stopAtFirstError: true,
  });
  if (errors.length > 0) throw new InvalidRequest(fieldErrors(errors).slice(0, maxReported));
  return instance;
};

/** What can't be made an instance is the sender's doing: deep nesting, or a "number" such as `{"valueOf": 1}`. */
const made = <T extends object>(dto: Dto<T>, body: object): T => {
  try {
    return instantiate(dto, body);
  } catch (error) {
    if (error instanceof InvalidRequest) throw error;
    const message =
      error instanceof RangeError ? 'is nested too deeply' : `can not be read: ${(error as Error).message}`;
    throw new InvalidRequest([{ field: 'body', message }]);
  }
};

/** Flattens class-validator's tree into one entry per field. */
export const fieldErrors = (errors: readonly ValidationError[], parent = ''): FieldError[] =>
  errors.flatMap((error) => {
    const field = join(parent, error.property);
    const own = Object.entries(error.constraints ?? {}).map(([name, message]) => ({
      field,
      message: name === 'whitelistValidation' ? 'is not known' : withoutName(message, error.property),
    }));
    return [...own, ...fieldErrors(error.children ?? [], field)];
  });

const join = (parent: string, property: string): string => {
  const name = property.slice(0, 100);
  if (parent === '') return name;
  return /^\d+$/.test(name) ? `${parent}[${name}]` : `${parent}.${name}`;
};

const withoutName = (message: string, property: string): string =>
  message.startsWith(`${property} `) ? message.slice(property.length + 1) : message;
