import { DomainError, InvalidRequest, type Datatype } from '@millrace/contracts';
import { tensorTypes } from '@millrace/onnx';
import { noParameters } from '../call-parameters.js';
import type { InferCall } from '../infer-call.js';
import type { InputPort, ModelInterface } from '../model-interface.js';
import type { Tensor } from '../tensor.js';
import type { BinaryPart } from './binary-part.js';
import { readElements, readText } from './read-elements.js';

const field = 'body';

/**
 * A request without JSON (`Inference-Header-Content-Length: 0`): the whole body is the model's one input, as one row where
 * the model takes rows. All outputs are answered in binary.
 * @throws InvalidRequest; `unsupported` for a model whose input could not be told from its bytes
 */
export const readRawRequest = (binary: BinaryPart, model: ModelInterface): InferCall => {
  const [port, ...others] = model.inputs.values();
  if (!port || others.length > 0)
    throw new DomainError(
      'unsupported',
      `a raw request has one input, and this model has ${model.inputs.size}: send JSON with binary tensors`,
    );
  const bytes = binary.take(binary.length, field);
  const dims = dimsOf(port, bytes.length, model.batchable);
  const size = dims.reduce((product, dim) => product * dim, 1);
  const type = port.spec.datatype as Datatype;
  const data =
    type === 'BYTES'
      ? [readText(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length, port, field)]
      : readElements(bytes, dims, size, port, field);
  return {
    id: undefined,
    feeds: { [port.spec.name]: { type, dims, data } satisfies Tensor },
    rows: 1,
    outputs: model.everyOutput.binary,
    parameters: noParameters,
  };
};

/** The model's shape, with one row, and one other variable dimension at most, which follows from the size. */
const dimsOf = ({ spec }: InputPort, bytes: number, batchable: boolean): number[] => {
  const dims = batchable ? [1, ...spec.shape.slice(1)] : [...spec.shape];
  const variable = dims.indexOf(-1);
  const isText = spec.datatype === 'BYTES';
  const known = dims.reduce((product, dim) => (dim === -1 ? product : product * dim), 1);
  if (dims.lastIndexOf(-1) !== variable || (isText && (variable >= 0 || known !== 1)))
    throw new DomainError(
      'unsupported',
      `input '${spec.name}' of shape [${spec.shape.join()}] cannot be told from its bytes: send JSON with binary tensors`,
    );
  if (variable >= 0) {
    dims[variable] = bytes / known / tensorTypes[spec.datatype as Datatype].bytes;
    if (!Number.isInteger(dims[variable]) || dims[variable] < 1)
      throw new InvalidRequest([
        {
          field,
          message: `has ${bytes} bytes, which is no shape [${spec.shape.join()}] of ${spec.datatype}`,
        },
      ]);
  }
  return dims;
};
