import type { InferRequest } from '@millrace/contracts';
import { headers as natsHeaders, type Msg } from '@nats-io/transport-node';

export const floats = (...values: number[]): Buffer => Buffer.from(Float32Array.from(values).buffer);

/** An input of a `ModelInferRequest`. */
export const tensor = (name: string, datatype: string, shape: number[], rest: object = {}): object => ({
  ...{ name, datatype, shape },
  ...rest,
});

export interface EchoRequest {
  json: InferRequest;
  binary: Buffer;
  message: Msg;
}

const lengthHeader = 'Inference-Header-Content-Length';

export const readEcho = (message: Msg): EchoRequest => {
  const length = Number(message.headers?.get(lengthHeader));
  const data = Buffer.from(message.data);
  return {
    json: JSON.parse(data.toString('utf8', 0, length)) as InferRequest,
    binary: data.subarray(length),
    message,
  };
};

/** Answers with the tensors that came, in the form that inference has for them. */
export const answerEcho = ({ json: { id, inputs, parameters }, binary, message }: EchoRequest): void => {
  const { binary_data_output: _, ...rest } = parameters ?? {};
  const json = Buffer.from(
    JSON.stringify({
      ...{ model_name: 'echo', model_version: '3', id, outputs: inputs },
      ...(Object.keys(rest).length > 0 ? { parameters: rest } : {}),
    }),
  );
  const headers = natsHeaders();
  headers.set(lengthHeader, String(json.length));
  message.respond(Buffer.concat([json, binary]), { headers });
};
