import { InvalidRequest } from '@millrace/contracts';
import { toRaw } from './contents.js';
import type { InferInputTensor, ModelInferRequest } from './infer-messages.js';
import { parametersToJson } from './parameters.js';
import { messageType, readMessage } from './protocol.js';

/** A `ModelInferRequest` as it goes over NATS. */
export interface InferBody {
  /** An Open Inference Protocol request: JSON, and behind it all its tensors in binary. */
  body: Buffer;
  /** Of the JSON. */
  jsonLength: number;
  /** The caller sent typed contents, and wants its outputs in them. */
  typed: boolean;
}

const type = messageType('inference.ModelInferRequest');
const mostTensors = 1_024;
const mostDimensions = 64;

/** @throws InvalidRequest when it is none */
export const readInferRequest = (message: Buffer): ModelInferRequest =>
  readMessage<ModelInferRequest>(type, message);

/**
 * The body that inference takes; tensors are copied once, behind the JSON that describes them. What the request says is
 * checked where it is answered; here is what only its form can say.
 * @throws InvalidRequest that names the field
 */
export const toInferBody = (request: ModelInferRequest): InferBody => {
  checkCounts(request);
  const typed =
    request.raw_input_contents.length === 0 && request.inputs.some(({ contents }) => contents !== null);
  const tensors = tensorsOf(request);
  const json = jsonOf(request, tensors);
  const jsonLength = Buffer.byteLength(json);
  const body = Buffer.allocUnsafe(tensors.reduce((sum, { length }) => sum + length, jsonLength));
  let at = body.write(json);
  for (const tensor of tensors) at += tensor.copy(body, at);
  return { body, jsonLength, typed };
};

const checkCounts = (request: ModelInferRequest): void => {
  for (const field of ['inputs', 'outputs', 'raw_input_contents'] as const)
    if (request[field].length > mostTensors)
      throw new InvalidRequest([
        { field, message: `has ${request[field].length} entries, more than the limit of ${mostTensors}` },
      ]);
  for (const [i, { shape }] of request.inputs.entries())
    if (shape.length > mostDimensions)
      throw new InvalidRequest([
        {
          field: `inputs[${i}].shape`,
          message: `has ${shape.length} dimensions, more than ${mostDimensions}`,
        },
      ]);
};

/** In raw form, one for each input. */
const tensorsOf = ({ inputs, raw_input_contents: raw }: ModelInferRequest): readonly Buffer[] => {
  if (raw.length === 0)
    return inputs.map(({ contents, datatype }, i) =>
      contents === null ? nothing : toRaw(contents, datatype, `inputs[${i}].contents`),
    );
  if (raw.length !== inputs.length)
    throw new InvalidRequest([
      { field: 'raw_input_contents', message: `has ${raw.length} entries for ${inputs.length} inputs` },
    ]);
  const typed = inputs.findIndex(hasElements);
  if (typed >= 0)
    throw new InvalidRequest([
      { field: `inputs[${typed}].contents`, message: 'and raw_input_contents: one of them is expected' },
    ]);
  return raw;
};

const hasElements = ({ contents }: InferInputTensor): boolean =>
  contents !== null && Object.values(contents).some((elements: unknown[]) => elements.length > 0);

const jsonOf = (
  { id, parameters, inputs, outputs }: ModelInferRequest,
  tensors: readonly Buffer[],
): string => {
  const more = parametersToJson(parameters, 'parameters');
  let json = id === '' ? '{' : `{"id":${JSON.stringify(id)},`;
  json += `"parameters":{"binary_data_output":true${more === '' ? '' : `,${more}`}},"inputs":[`;
  for (let i = 0; i < inputs.length; i++) {
    const input = inputs[i]!;
    const said = parametersToJson(input.parameters, `inputs[${i}].parameters`);
    json += `${i === 0 ? '' : ','}{"name":${JSON.stringify(input.name)},"datatype":${JSON.stringify(input.datatype)}`;
    json += `,"shape":[${input.shape.join()}],"parameters":{"binary_data_size":${tensors[i]!.length}`;
    json += said === '' ? '}}' : `,${said}}}`;
  }
  const wanted = outputs.map(
    ({ name, parameters: of }, i) =>
      `{"name":${JSON.stringify(name)},"parameters":{${parametersToJson(of, `outputs[${i}].parameters`)}}}`,
  );
  return `${json}]${wanted.length === 0 ? '' : `,"outputs":[${wanted.join()}]`}}`;
};

const nothing = Buffer.alloc(0);
