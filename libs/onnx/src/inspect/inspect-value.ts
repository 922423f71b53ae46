import type { TensorSpec } from '@millrace/contracts';
import { tensorTypeOfOnnx } from '../tensor/tensor.js';
import { modelLimits } from './allowed-ops.js';
import { readBytes, readInt, readText, refuse, wireFields, type WireField } from './wire-reader.js';

/** ValueInfoProto of an input or output: a tensor of a supported type. */
export const inspectValue = (message: Uint8Array): TensorSpec => {
  let name = '';
  let type: Uint8Array | undefined;
  for (const field of wireFields(message)) {
    if (field.number === 1) name = readText(field, 'a name');
    if (field.number === 2) type = readBytes(field, 'a type');
  }
  if (name === '') refuse('an input or output has no name');
  if (!type) return refuse(`'${name}' has no type`);
  const fields = [...wireFields(type)].filter(({ number }) => number !== 6);
  const [tensor] = fields;
  if (fields.length !== 1 || tensor?.number !== 1) return refuse(`'${name}' is not a tensor`);
  return { name, ...inspectTensorType(name, readBytes(tensor, 'a type')) };
};

const inspectTensorType = (name: string, message: Uint8Array): { datatype: string; shape: number[] } => {
  let elementType = 0;
  let shape: number[] | undefined;
  for (const field of wireFields(message)) {
    if (field.number === 1) elementType = readInt(field, 'an element type');
    if (field.number === 2) shape = inspectShape(name, field);
  }
  const datatype = tensorTypeOfOnnx(elementType);
  if (!datatype) return refuse(`'${name}' has element type ${elementType}, which is not supported`);
  if (!shape) return refuse(`'${name}' has no shape`);
  const extent = shape.reduce((product, size) => product * Math.max(1, size), 1);
  if (!(extent <= modelLimits.elements)) refuse(`'${name}' has shape [${shape.join(', ')}]`);
  return { datatype, shape };
};

const inspectShape = (name: string, field: WireField): number[] => {
  const sizes: number[] = [];
  for (const dimension of wireFields(readBytes(field, 'a shape'))) {
    if (dimension.number !== 1) continue;
    let size = -1;
    for (const part of wireFields(readBytes(dimension, 'a dimension'))) {
      if (part.number === 1) size = readInt(part, 'a dimension');
    }
    if (size < -1) refuse(`'${name}' has a negative dimension`);
    sizes.push(size);
    if (sizes.length > modelLimits.rank) refuse(`'${name}' has more than ${modelLimits.rank} dimensions`);
  }
  return sizes;
};
