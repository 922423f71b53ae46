import { Injectable } from '@nestjs/common';
import { headerNames } from '@millrace/contracts';
import type { Caller } from '../http/caller.js';
import { Predictions } from '../inference/predictions.js';
import type { ModelInferRequest } from './messages/infer-messages.js';
import { readInferRequest, toInferBody } from './messages/read-infer-request.js';
import {
  writeInferResponse,
  writeStreamResponse,
  type InferAnswer,
} from './messages/write-infer-response.js';

/** Predictions over gRPC: protobuf in, the body that goes over NATS, protobuf out. */
@Injectable()
export class InferCalls {
  constructor(private readonly predictions: Predictions) {}

  async infer(message: Buffer, caller: Caller): Promise<Buffer> {
    return this.answer(readInferRequest(message), caller, writeInferResponse);
  }

  /** One request of a stream. */
  inferInStream(request: ModelInferRequest, caller: Caller): Promise<Buffer> {
    return this.answer(request, caller, writeStreamResponse);
  }

  private async answer(
    request: ModelInferRequest,
    caller: Caller,
    write: (answer: InferAnswer, typed: boolean) => Buffer,
  ): Promise<Buffer> {
    const { body, jsonLength, typed } = toInferBody(request);
    const { model_name: model, model_version: version } = request;
    const reply = await this.predictions.inferBody(
      { endpoint: model, version: version || undefined },
      body,
      jsonLength,
      caller,
    );
    const length = reply.header(headerNames.inferenceHeaderLength);
    return write({ data: reply.data, jsonLength: length === undefined ? undefined : Number(length) }, typed);
  }
}
