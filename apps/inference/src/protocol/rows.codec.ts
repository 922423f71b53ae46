import type { Codec } from './codec.js';
import { parseRowsRequest } from './parse-rows-request.js';
import { writeRowsResponse } from './write-rows-response.js';

/** Plain records, for people. */
export const rowsCodec: Codec = {
  read: (body, _headers, model, limits) => parseRowsRequest(body, model, limits),
  write: (answerer, call, outputs) => ({ data: writeRowsResponse(answerer, call, outputs) }),
};
