import { Injectable } from '@nestjs/common';
import {
  DomainError,
  endpointNamePattern,
  headerNames,
  InvalidRequest,
  modelMetadata,
  toDomainError,
} from '@millrace/contracts';
import { acceptedEncoding, contentEncodings, MessagingClient, type RawReply } from '@millrace/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GatewayEnv } from '../config/gateway.env.js';
import { bodyOf, headerOf, onBehalfOf, type Caller } from '../http/caller.js';
import { requireEncoding } from '../http/read-json.js';

export const unknownModel = (endpoint: string, version?: string): DomainError =>
  new DomainError(
    'not_found',
    `Request for unknown model: '${endpoint.slice(0, 100)}'${version === undefined ? '' : ` version ${version.slice(0, 20)}`} is not found`,
  );

/** @throws DomainError `not_found` for what no endpoint and no version can be called */
export const requireName = (endpoint: string, version?: string): void => {
  if (!endpointNamePattern.test(endpoint)) throw unknownModel(endpoint);
  if (version !== undefined && !/^[1-9]\d{0,8}$/.test(version)) throw unknownModel(endpoint, version);
};

/** Bytes in, bytes out: what a prediction says is between the caller and the inference service. */
@Injectable()
export class Predictions {
  constructor(
    private readonly client: MessagingClient,
    private readonly env: GatewayEnv,
  ) {}

  /** Tensors, JSON or binary. */
  infer(request: FastifyRequest, reply: FastifyReply, endpoint: string, version?: string): Promise<Buffer> {
    return this.forward(request, reply, endpoint, version, (e) => this.client.subjects.infer(e));
  }

  /** Tensors, JSON with binary behind it, on whichever road they came. */
  inferBody(
    endpoint: string,
    version: string | undefined,
    body: Uint8Array,
    jsonLength: number,
    caller: Caller,
  ): Promise<RawReply> {
    requireName(endpoint, version);
    const headers = {
      [headerNames.inferenceHeaderLength]: String(jsonLength),
      ...(version === undefined ? {} : { [headerNames.modelVersion]: version }),
    };
    return this.ask(this.client.subjects.infer(endpoint), endpoint, body, headers, caller);
  }

  /** Plain records. */
  predict(request: FastifyRequest, reply: FastifyReply, endpoint: string): Promise<Buffer> {
    return this.forward(request, reply, endpoint, undefined, (e) => this.client.subjects.inferRows(e));
  }

  private forward(
    request: FastifyRequest,
    reply: FastifyReply,
    endpoint: string,
    version: string | undefined,
    subject: (endpoint: string) => string,
  ): Promise<Buffer> {
    requireName(endpoint, version);
    requireEncoding(request.headers, contentEncodings);
    const headers = passedOn(request, version);
    return onBehalfOf(request, reply, 'infer', async (caller) => {
      const answer = await this.ask(subject(endpoint), endpoint, bodyOf(request), headers, caller);
      const binary = answer.header(headerNames.inferenceHeaderLength);
      reply.type(
        answer.header(headerNames.contentType) ?? (binary ? 'application/octet-stream' : 'application/json'),
      );
      if (binary) reply.header(headerNames.inferenceHeaderLength, binary);
      const encoding = answer.header(headerNames.contentEncoding);
      if (encoding) reply.header(headerNames.contentEncoding, encoding);
      return Buffer.from(answer.data.buffer, answer.data.byteOffset, answer.data.byteLength);
    });
  }

  private async ask(
    subject: string,
    endpoint: string,
    body: Uint8Array,
    headers: Record<string, string>,
    caller: Caller,
  ): Promise<RawReply> {
    const timeoutMs = this.env.PREDICTION_TIMEOUT_MS;
    try {
      return await this.client.requestRaw(subject, body, { headers, timeoutMs, ...caller });
    } catch (thrown) {
      if (toDomainError(thrown).code === 'unavailable') await this.refuseUnknown(endpoint, caller);
      throw thrown;
    }
  }

  /** Nobody listens to this endpoint: is it unknown, or is nobody there who could know? */
  private async refuseUnknown(endpoint: string, caller: Caller): Promise<void> {
    try {
      await this.client.request(modelMetadata, { endpoint }, { timeoutMs: 1_000, ...caller });
    } catch (thrown) {
      if (toDomainError(thrown).code === 'not_found') throw unknownModel(endpoint);
    }
  }
}

/** Compressed bodies stay so on the road: they are the inference service's to read, within its limits. */
const passedOn = (request: FastifyRequest, version: string | undefined): Record<string, string> => {
  const length = headerOf(request, headerNames.inferenceHeaderLength);
  if (length !== undefined && !/^\d{1,10}$/.test(length)) {
    throw new InvalidRequest([
      { field: headerNames.inferenceHeaderLength, message: 'must be a number of bytes' },
    ]);
  }
  const contentType = headerOf(request, headerNames.contentType);
  const encoding = headerOf(request, headerNames.contentEncoding);
  const accepted = acceptedEncoding(headerOf(request, headerNames.acceptEncoding));
  return {
    ...(length === undefined ? {} : { [headerNames.inferenceHeaderLength]: length }),
    ...(contentType === undefined ? {} : { [headerNames.contentType]: contentType.slice(0, 200) }),
    ...(encoding === undefined ? {} : { [headerNames.contentEncoding]: encoding }),
    ...(accepted === undefined ? {} : { [headerNames.acceptEncoding]: accepted }),
    ...(version === undefined ? {} : { [headerNames.modelVersion]: version }),
  };
};
