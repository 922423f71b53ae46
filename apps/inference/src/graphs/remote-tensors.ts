import { DomainError, type TensorSpec } from '@millrace/contracts';
import { splitBody } from '../protocol/binary/binary-part.js';
import { readElements } from '../protocol/binary/read-elements.js';
import { binarySize, writeElements } from '../protocol/binary/write-elements.js';
import type { ParameterValue } from '../protocol/call-parameters.js';
import type { Feeds, Tensor } from '../protocol/tensor.js';

interface SaidTensor {
  name: string;
  datatype: string;
  shape: number[];
  parameters?: { binary_data_size?: number };
}

/** A request of the Open Inference Protocol with binary tensors, which asks for binary answers. */
export const writeQuestion = (
  feeds: Feeds,
  parameters: Readonly<Record<string, ParameterValue>>,
): { body: Buffer; headerLength: number } => {
  const tensors = Object.entries(feeds);
  const inputs = tensors.map(([name, tensor]) => ({
    name,
    datatype: tensor.type,
    shape: tensor.dims,
    parameters: { binary_data_size: binarySize(tensor) },
  }));
  const json = Buffer.from(
    JSON.stringify({ inputs, parameters: { ...parameters, binary_data_output: true } }),
  );
  const size = inputs.reduce((sum, input) => sum + input.parameters.binary_data_size, 0);
  const body = Buffer.allocUnsafe(json.length + size);
  let offset = json.copy(body);
  for (const [, tensor] of tensors) offset = writeElements(tensor, body, offset);
  return { body, headerLength: json.length };
};

/** @throws DomainError `data_invalid` where it is not what was asked for */
export const readAnswer = (
  body: Uint8Array,
  headerLength: string | undefined,
  wanted: readonly TensorSpec[],
): Feeds => {
  const { json, binary } = splitBody(body, headerLength, Infinity);
  const { outputs } = JSON.parse(Buffer.from(json ?? []).toString()) as { outputs: SaidTensor[] };
  const feeds: Feeds = {};
  for (const { name, datatype, shape, parameters } of outputs) {
    const bytes = binary.take(parameters?.binary_data_size, `outputs.${name}`);
    const spec = wanted.find((one) => one.name === name);
    if (!spec) continue;
    if (spec.datatype !== datatype)
      throw new DomainError(
        'data_invalid',
        `output '${name}' is ${datatype} by now, and was ${spec.datatype}`,
      );
    const size = shape.reduce((product, n) => product * n, 1);
    const data = readElements(bytes, shape, size, { spec }, `outputs.${name}`);
    feeds[name] = { type: datatype, dims: shape, data } as Tensor;
  }
  return feeds;
};
