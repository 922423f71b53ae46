import type { Codec } from './codec.js';
import { parseInferRequest } from './parse-infer-request.js';
import { writeInferResponse } from './write-infer-response.js';

/** Open Inference Protocol v2. */
export const openInferenceCodec: Codec = { read: parseInferRequest, write: writeInferResponse };
