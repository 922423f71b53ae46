import { InvalidRequest } from '@millrace/contracts';
import type { InferParameter, InferParameters } from './infer-messages.js';

/** What JSON bodies say of the form of their tensors: over gRPC the form is said otherwise. */
const ofTheForm = new Set(['binary_data', 'binary_data_size', 'binary_data_output']);

/**
 * Members of a JSON object, as text: a 64-bit integer keeps all its digits.
 * @throws InvalidRequest for one without a value, or with one that JSON cannot say
 */
export const parametersToJson = (parameters: InferParameters, path: string): string => {
  let members = '';
  for (const name in parameters) {
    if (ofTheForm.has(name)) continue;
    const value = valueOf(parameters[name]!, `${path}.${name.slice(0, 100)}`);
    members += `${members === '' ? '' : ','}${JSON.stringify(name)}:${value}`;
  }
  return members;
};

const valueOf = (parameter: InferParameter | null, path: string): string => {
  const choice = parameter?.parameter_choice;
  if (!parameter || !choice) throw new InvalidRequest([{ field: path, message: 'has no value' }]);
  if (choice === 'string_param') return JSON.stringify(parameter.string_param);
  if (choice === 'double_param' && !Number.isFinite(parameter.double_param))
    throw new InvalidRequest([
      { field: path, message: `must be a finite number, not ${parameter.double_param}` },
    ]);
  return String(parameter[choice]);
};

/** An answer's, for `map<string, InferParameter>`. */
export const parametersFromJson = (
  parameters: Record<string, unknown> | undefined,
): Record<string, Partial<InferParameter>> =>
  Object.fromEntries(
    Object.entries(parameters ?? {})
      .filter(([name]) => !ofTheForm.has(name))
      .map(([name, value]) => [name, parameterOf(value)]),
  );

const parameterOf = (value: unknown): Partial<InferParameter> => {
  if (typeof value === 'boolean') return { bool_param: value };
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? { int64_param: value as never } : { double_param: value };
  return { string_param: typeof value === 'string' ? value : JSON.stringify(value) };
};
