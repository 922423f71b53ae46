import { DomainError } from '@millrace/contracts';
import { fromRaw, hasContents } from './contents.js';
import { parametersFromJson } from './parameters.js';
import { messageType, writeMessage } from './protocol.js';

/** What came back over NATS: JSON, and behind it the outputs in binary. */
export interface InferAnswer {
  data: Uint8Array;
  /** Of the JSON; undefined where there is nothing behind it. */
  jsonLength: number | undefined;
}

interface Output {
  name: string;
  datatype: string;
  shape: number[];
  parameters?: Record<string, unknown>;
}

interface Answer {
  model_name: string;
  model_version?: string;
  id?: string;
  parameters?: Record<string, unknown>;
  outputs: Output[];
}

const responseType = messageType('inference.ModelInferResponse');
const streamResponseType = messageType('inference.ModelStreamInferResponse');

/** A `ModelInferResponse`. @param typed in typed contents, unless there is an output whose datatype has none */
export const writeInferResponse = (answer: InferAnswer, typed: boolean): Buffer =>
  writeMessage(responseType, toResponse(answer, typed));

/** A `ModelStreamInferResponse`: the one response to a request of a stream. */
export const writeStreamResponse = (answer: InferAnswer, typed: boolean): Buffer => {
  const response = toResponse(answer, typed);
  // Triton's clients look for it: nothing more comes for this request.
  const parameters = { ...response.parameters, triton_final_response: { bool_param: true } };
  return writeMessage(streamResponseType, { infer_response: { ...response, parameters } });
};

/** A `ModelStreamInferResponse` to a request that failed. */
export const writeStreamError = (message: string, id: string): Buffer =>
  writeMessage(streamResponseType, { error_message: message, infer_response: { id } });

const toResponse = ({ data, jsonLength }: InferAnswer, typed: boolean) => {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const length = jsonLength ?? bytes.length;
  const answer = JSON.parse(bytes.toString('utf8', 0, length)) as Answer;
  const raw = tensorsOf(answer.outputs, bytes, length);
  const contents = typed && answer.outputs.every(({ datatype }) => hasContents(datatype));
  return {
    model_name: answer.model_name,
    model_version: answer.model_version ?? '',
    id: answer.id ?? '',
    parameters: parametersFromJson(answer.parameters),
    outputs: answer.outputs.map(({ name, datatype, shape, parameters }, i) => ({
      ...{ name, datatype, shape, parameters: parametersFromJson(parameters) },
      ...(contents ? { contents: fromRaw(raw[i]!, datatype) } : {}),
    })),
    raw_output_contents: contents ? [] : raw,
  };
};

/** Views of the outputs behind the JSON. */
const tensorsOf = (outputs: readonly Output[], bytes: Buffer, from: number): Buffer[] => {
  let at = from;
  return outputs.map(({ name, parameters }) => {
    const size = parameters?.['binary_data_size'];
    if (typeof size !== 'number' || at + size > bytes.length)
      throw new DomainError('internal', `output '${name}' was asked for in binary, and did not come so`);
    at += size;
    return bytes.subarray(at - size, at);
  });
};
