import { DomainError, InvalidRequest } from '@millrace/contracts';
import { readFlag } from './call-parameters.js';
import { describeValue } from './describe-value.js';
import type { RequestedOutput } from './infer-call.js';
import { listNames } from './list-names.js';
import type { ModelInterface } from './model-interface.js';

const fail = (field: string, message: string): never => {
  throw new InvalidRequest([{ field, message }]);
};

/**
 * What to answer with; all outputs where none is named.
 * @param binary the form of those that don't say
 */
export const readOutputs = (
  outputs: unknown,
  model: ModelInterface,
  binary: boolean,
): readonly RequestedOutput[] => {
  if (outputs === undefined || (Array.isArray(outputs) && outputs.length === 0))
    return model.everyOutput[binary ? 'binary' : 'json'];
  if (!Array.isArray(outputs)) return fail('outputs', `must be an array, not ${describeValue(outputs)}`);
  const read: RequestedOutput[] = [];
  for (let i = 0; i < outputs.length; i++) {
    const output = readOutput(outputs[i], `outputs[${i}]`, model, binary);
    if (read.some(({ name }) => name === output.name))
      fail(`outputs[${i}].name`, `output '${output.name}' is asked for twice`);
    read.push(output);
  }
  return read;
};

const readOutput = (
  output: unknown,
  field: string,
  model: ModelInterface,
  binary: boolean,
): RequestedOutput => {
  const { name, parameters } = (output ?? {}) as { name?: unknown; parameters?: unknown };
  const spec = typeof name === 'string' ? model.outputs.get(name)?.spec : undefined;
  if (!spec)
    return fail(
      `${field}.name`,
      `the model has no output ${describeValue(name)}; it has ${listNames(model.outputs)}`,
    );
  if (parameters === undefined) return { name: spec.name, binary, top: 0 };
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters))
    return fail(`${field}.parameters`, `must be an object, not ${describeValue(parameters)}`);
  const said = parameters as Record<string, unknown>;
  refuseSharedMemory(said, field);
  return {
    name: spec.name,
    binary: readFlag(said, 'binary_data', `${field}.parameters`) ?? binary,
    top: readTop(said['classification'], `${field}.parameters.classification`, spec.datatype),
  };
};

/** Triton's classification extension. */
const readTop = (value: unknown, field: string, datatype: string): number => {
  if (value === undefined) return 0;
  if (!Number.isSafeInteger(value) || (value as number) < 0)
    return fail(field, `must be the number of classes to answer with, not ${describeValue(value)}`);
  if (datatype === 'BYTES' || datatype === 'BOOL')
    return fail(field, `is not available for an output of ${datatype}`);
  return value as number;
};

/** @throws DomainError `unsupported`: client and server of this protocol are not on one machine */
export const refuseSharedMemory = (parameters: Record<string, unknown>, field: string): void => {
  if (parameters['shared_memory_region'] !== undefined)
    throw new DomainError(
      'unsupported',
      `${field}.parameters.shared_memory_region: shared memory is not supported; send the data`,
    );
};
