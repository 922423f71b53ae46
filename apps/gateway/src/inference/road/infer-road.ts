import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable, Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { headerNames } from '@millrace/contracts';
import type { RawReply } from '@millrace/messaging';
import { isRecorded } from '@millrace/observability';
import { GatewayEnv } from '../../config/gateway.env.js';
import { hostPatterns, isAllowedHost } from '../../http/allowed-host.js';
import { BytesAdapter } from '../../http/bytes-adapter.js';
import { expiryOf } from '../../http/caller.js';
import { HttpMetrics } from '../../http/http-metrics.js';
import { InFlight } from '../../http/in-flight.js';
import { errorAnswer } from '../../http/send-error.js';
import { fromThrown } from '../../http/thrown.js';
import { answerHeaders } from '../answer-headers.js';
import { Predictions } from '../predictions.js';
import { plainRequest, routeOf, type PlainRequest } from './plain-request.js';
import { readBody } from './read-body.js';

/**
 * The fast road of predictions: a plain request goes from Node's own server to NATS and back, past Fastify and Nest,
 * which cost more than all that a small model does. Whatever is not plain, or would be refused before its body is read,
 * goes the road of all requests, which has the same answers (`OpenInferenceController`). Nothing that could be refused is
 * refused here but by the inference service, so that no rule is written twice.
 */
@Injectable()
export class InferRoad {
  private readonly logger = new Logger('http');
  private readonly hosts: string[];

  constructor(
    { httpAdapter }: HttpAdapterHost<BytesAdapter>,
    private readonly env: GatewayEnv,
    private readonly predictions: Predictions,
    private readonly inFlight: InFlight,
    private readonly metrics: HttpMetrics,
  ) {
    this.hosts = hostPatterns(env.HTTP_ALLOWED_HOSTS);
    httpAdapter.before((request, response) => this.take(request, response));
  }

  /** Whether the request goes this road. */
  private take(request: IncomingMessage, response: ServerResponse): boolean {
    const plain = plainRequest(request);
    if (!plain || plain.length > this.env.HTTP_BODY_LIMIT_BYTES) return false;
    // A span that somebody records needs the async context of the other road.
    if (isRecorded() || this.inFlight.isFull || !isAllowedHost(request.headers.host, this.hosts))
      return false;
    const began = performance.now();
    readBody(request, plain.length, (body) => void this.answer(plain, request, response, body, began));
    return true;
  }

  private async answer(
    plain: PlainRequest,
    { url = '', headers }: IncomingMessage,
    response: ServerResponse,
    body: Uint8Array,
    began: number,
  ): Promise<void> {
    let status = 200;
    try {
      const leave = this.inFlight.enter();
      try {
        const traceparent = headers[headerNames.traceparent] as string | undefined;
        const caller = { expiresAt: expiryOf(headers), traceparent };
        send(response, await this.predictions.infer(plain, headers, body, caller));
      } finally {
        leave();
      }
    } catch (thrown) {
      status = this.fail(url, response, thrown);
    }
    this.metrics.answered('POST', routeOf(plain), status, performance.now() - began);
  }

  private fail(url: string, response: ServerResponse, thrown: unknown): number {
    const error = fromThrown(thrown);
    const { status, headers, body } = errorAnswer(url, error);
    if (status === 500) this.logger.error({ err: error, cause: error.cause, method: 'POST', url });
    response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) }).end(body);
    return status;
  }
}

/**
 * Head and body leave in one write: as Latin-1, in which every byte is one character, so that Node joins it to the head as text
 * instead of writing two pieces.
 */
const send = (response: ServerResponse, answer: RawReply): void => {
  const { buffer, byteOffset, byteLength } = answer.data;
  const headers = answerHeaders(answer);
  headers.push('Content-Length', String(byteLength), 'X-Content-Type-Options', 'nosniff');
  response
    .writeHead(200, headers)
    .end(Buffer.from(buffer, byteOffset, byteLength).toString('latin1'), 'latin1');
};
