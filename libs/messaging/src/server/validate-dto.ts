import { InvalidRequest, type Dto, type FieldError } from '@millrace/contracts';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';

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
  let instance: T;
  let errors: ValidationError[];
  try {
    instance = plainToInstance(dto, body);
    errors = validateSync(instance, {
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: false,
      stopAtFirstError: true,
    });
  } catch (error) {
    if (error instanceof RangeError)
      throw new InvalidRequest([{ field: 'body', message: 'is nested too deeply' }]);
    throw error;
  }
  if (errors.length > 0) throw new InvalidRequest(fieldErrors(errors).slice(0, maxReported));
  return instance;
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
