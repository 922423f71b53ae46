import { InvalidRequest, type FieldError, type TensorSpec } from '@millrace/contracts';
import { carriedText, isCarried } from '../tensor/carried-text.js';
import type { Tensor } from '../tensor/tensor.js';

/** Elements of one input. */
const mostElements = 2 ** 26;

/**
 * Every input there, none besides, each of its type and shape, all with one number of rows.
 * @throws InvalidRequest that names every wrong input
 */
export const checkFeeds = (inputs: readonly TensorSpec[], feeds: Record<string, Tensor>): void => {
  const errors: FieldError[] = [];
  const known = new Set(inputs.map(({ name }) => name));
  for (const name of Object.keys(feeds)) {
    if (!known.has(name)) errors.push({ field: name, message: 'is not an input of the model' });
  }
  let rows: number | undefined;
  for (const spec of inputs) {
    const tensor = Object.hasOwn(feeds, spec.name) ? feeds[spec.name] : undefined;
    const message = tensor ? mistakeIn(spec, tensor) : 'is missing';
    if (message !== undefined) errors.push({ field: spec.name, message });
    else if (spec.shape[0] === -1) {
      rows ??= tensor!.dims[0];
      if (tensor!.dims[0] !== rows) {
        errors.push({
          field: spec.name,
          message: `has ${tensor!.dims[0]} rows where another input has ${rows}`,
        });
      }
    }
  }
  if (errors.length > 0) throw new InvalidRequest(errors.slice(0, 20));
};

const mistakeIn = ({ datatype, shape }: TensorSpec, { type, dims, data }: Tensor): string | undefined => {
  if (type !== datatype) return `is ${type}, not ${datatype}`;
  const fits =
    dims.length === shape.length &&
    dims.every((size, i) => Number.isInteger(size) && size >= 0 && (shape[i] === -1 || shape[i] === size));
  if (!fits) return `has shape [${dims.join(', ')}], not [${shape.join(', ')}]`;
  const elements = dims.reduce((product, size) => product * size, 1);
  if (elements > mostElements) return `has more than ${mostElements} values`;
  if (elements !== data.length) return `has ${data.length} values for shape [${dims.join(', ')}]`;
  const bad = Array.isArray(data) ? data.findIndex((text) => !isCarried(text)) : -1;
  if (bad >= 0) return `must be ${carriedText}, which element ${bad} is not`;
  return undefined;
};
