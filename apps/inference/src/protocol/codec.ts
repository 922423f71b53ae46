import type { RawResult } from '@millrace/messaging';
import type { InferCall } from './infer-call.js';
import type { ModelInterface } from './model-interface.js';
import type { RequestLimits } from './request-limits.js';
import type { Feeds } from './tensor.js';

/** Headers of a request, by name as sent. */
export interface RequestHeaders {
  get(name: string): string | undefined;
}

/** Who answers. */
export interface Answerer {
  /** The endpoint: what the protocol calls the model. */
  name: string;
  version: string;
  /** Of a classifier: what its class indices stand for. */
  classes?: readonly (string | number | boolean)[] | undefined;
}

/** One form of requests and their answers: bytes to typed arrays, and back. */
export interface Codec {
  /** @throws InvalidRequest that names every wrong field; `payload_too_large` over a limit */
  read(body: Uint8Array, headers: RequestHeaders, model: ModelInterface, limits: RequestLimits): InferCall;
  write(answerer: Answerer, call: InferCall, outputs: Feeds, model: ModelInterface): RawResult;
}
