import { InvalidRequest } from '@millrace/contracts';
import { describeValue, shorten } from './describe-value.js';

export type ParameterValue = string | number | boolean;

/** What a request says beside its tensors. */
export interface CallParameters {
  /** 1 is the most urgent, larger is less so; 0 is whatever the model's default is. */
  priority: number;
  /** The caller waits so many microseconds; 0: as long as it takes. */
  timeoutUs: number;
  /** Requests with the same key go the same way where the endpoint is sticky. */
  routingKey: string | undefined;
  /** Outputs are answered in binary unless they are asked for otherwise. */
  binaryOutputs: boolean;
  /** What each raw column had to do with it is wanted too. */
  explain: boolean;
  /** All of them as sent, also those that mean nothing to us. */
  all: Readonly<Record<string, ParameterValue>>;
}

const mostParameters = 64;
const longestName = 128;
const longestText = 1_024;
const longestKey = 256;

export const noParameters: CallParameters = Object.freeze({
  priority: 0,
  timeoutUs: 0,
  routingKey: undefined,
  binaryOutputs: false,
  explain: false,
  all: Object.freeze({}),
});

/**
 * A request's `parameters`, with Triton's names for those that it has too. A parameter that is not known is tolerated, as
 * the protocol wants it; so are `sequence_id`, `sequence_start` and `sequence_end`, which mean nothing to a model without
 * state.
 * @throws InvalidRequest
 */
export const readParameters = (value: unknown): CallParameters => {
  if (value === undefined) return noParameters;
  const all = readScalars(value);
  return {
    priority: readCount(all, 'priority', 0xffff_ffff),
    timeoutUs: readCount(all, 'timeout', Number.MAX_SAFE_INTEGER),
    routingKey: readKey(all['routing_key']),
    binaryOutputs: readFlag(all, 'binary_data_output', 'parameters') ?? false,
    explain: readFlag(all, 'explain', 'parameters') ?? false,
    all,
  };
};

const fail = (field: string, message: string): never => {
  throw new InvalidRequest([{ field, message }]);
};

const readScalars = (value: unknown): Readonly<Record<string, ParameterValue>> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return fail('parameters', `must be an object, not ${describeValue(value)}`);
  const entries = Object.entries(value);
  if (entries.length > mostParameters)
    fail('parameters', `has ${entries.length} entries, more than the limit of ${mostParameters}`);
  for (const [name, parameter] of entries) {
    const field = `parameters.${shorten(name)}`;
    if (name.length > longestName) fail(field, `has a name of more than ${longestName} characters`);
    if (typeof parameter === 'string' && (parameter.length > longestText || !parameter.isWellFormed()))
      fail(field, `must be whole Unicode characters, at most ${longestText}`);
    if (typeof parameter === 'object')
      fail(field, `must be a string, a number or a boolean, not ${describeValue(parameter)}`);
  }
  return value as Record<string, ParameterValue>;
};

const readCount = (all: Record<string, ParameterValue>, name: string, max: number): number => {
  const value = all[name];
  if (value === undefined) return 0;
  if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > max)
    return fail(`parameters.${name}`, `must be an integer from 0 to ${max}, not ${describeValue(value)}`);
  return value as number;
};

const readKey = (value: ParameterValue | undefined): string | undefined => {
  if (value === undefined || (typeof value === 'string' && value !== '' && value.length <= longestKey))
    return value;
  return fail('parameters.routing_key', `must be a string of 1 to ${longestKey} characters`);
};

/** @throws InvalidRequest when it is there and no boolean */
export const readFlag = (
  parameters: Record<string, unknown>,
  name: string,
  path?: string,
): boolean | undefined => {
  const value = parameters[name];
  if (value === undefined || typeof value === 'boolean') return value;
  return fail(
    path === undefined ? name : `${path}.${name}`,
    `must be true or false, not ${describeValue(value)}`,
  );
};
