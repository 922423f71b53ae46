import type { Codec } from './codec.js';
import { parseInferRequest } from './parse-infer-request.js';
import { writeInferResponse } from './write-infer-response.js';

/** Open Inference Protocol v2. */
export const openInferenceCodec: Codec = {
  read: (body, _headers, model, limits) => parseInferRequest(body, model, limits),
  write: ({ name, version }, { id, outputs: names }, outputs, model) => ({
    data: writeInferResponse({ name, version, id }, outputs, names ?? model.outputs.keys()),
  }),
};
