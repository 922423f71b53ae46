import { DomainError, type TensorSpec } from '@millrace/contracts';
import type { Feeds } from '../protocol/tensor.js';

/** What variable dimensions leave open until a request comes. @throws DomainError `data_invalid` that names the port */
export const checkTensors = (specs: readonly TensorSpec[], feeds: Feeds): void => {
  for (const { name, datatype, shape } of specs) {
    const tensor = feeds[name];
    const problem = !tensor
      ? 'is missing'
      : tensor.type !== datatype
        ? `must be ${datatype}, not ${tensor.type}`
        : fits(tensor.dims, shape)
          ? undefined
          : `is of the shape [${tensor.dims.join()}], which does not fit [${shape.join()}]`;
    if (problem) throw new DomainError('data_invalid', `'${name}' ${problem}`, { details: { port: name } });
  }
};

const fits = (dims: readonly number[], shape: readonly number[]): boolean => {
  if (dims.length !== shape.length) return false;
  for (let i = 0; i < dims.length; i++) if (shape[i] !== -1 && shape[i] !== dims[i]) return false;
  return true;
};
