import { headerNames, InvalidRequest } from '@millrace/contracts';
import { splitBody } from './binary/binary-part.js';
import { readRawRequest } from './binary/read-raw-request.js';
import { readParameters } from './call-parameters.js';
import type { RequestHeaders } from './codec.js';
import type { InferCall } from './infer-call.js';
import { InputsReader } from './inputs-reader.js';
import type { ModelInterface } from './model-interface.js';
import { readId, readObject, readText } from './read-json-body.js';
import { readOutputs } from './read-outputs.js';
import type { RequestLimits } from './request-limits.js';

/**
 * An Open Inference Protocol v2 request, JSON with or without binary tensors behind it, straight into typed arrays.
 * @throws InvalidRequest that names every wrong input; `payload_too_large` over a limit; `unsupported`
 */
export const parseInferRequest = (
  body: Uint8Array,
  headers: RequestHeaders,
  model: ModelInterface,
  limits: RequestLimits,
): InferCall => {
  const { json, binary } = splitBody(
    body,
    headers.get(headerNames.inferenceHeaderLength),
    limits.maxBodyBytes,
  );
  if (!json) return readRawRequest(binary, model);
  const text = readText(json);
  const request = readObject(text);
  const parameters = readParameters(request['parameters']);
  const call: InferCall = {
    id: readId(request['id']),
    feeds: {},
    rows: 0,
    outputs: readOutputs(request['outputs'], model, parameters.binaryOutputs),
    parameters,
  };
  const inputs = request['inputs'];
  if (!Array.isArray(inputs))
    throw new InvalidRequest([{ field: 'inputs', message: 'must be an array of tensors' }]);
  if (inputs.length > model.inputs.size)
    throw new InvalidRequest([
      { field: 'inputs', message: `has ${inputs.length} tensors; the model has ${model.inputs.size} inputs` },
    ]);
  new InputsReader({ text, binary }, model, limits, call).read(inputs);
  return call;
};
