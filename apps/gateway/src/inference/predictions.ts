import type { IncomingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import {
  DomainError,
  endpointNamePattern,
  headerNames,
  modelMetadata,
  toDomainError,
} from '@millrace/contracts';
import { contentEncodings, MessagingClient, type RawReply } from '@millrace/messaging';
import { GatewayEnv } from '../config/gateway.env.js';
import type { Caller } from '../http/caller.js';
import { requireEncoding } from '../http/read-json.js';
import { passedOn } from './passed-on.js';

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

/** Which model is asked. */
export interface Asked {
  endpoint: string;
  version?: string | undefined;
}

/** Bytes in, bytes out: what a prediction says is between the caller and the inference service. */
@Injectable()
export class Predictions {
  constructor(
    private readonly client: MessagingClient,
    private readonly env: GatewayEnv,
  ) {}

  /** Tensors, JSON or binary, as they came over HTTP. */
  async infer(
    { endpoint, version }: Asked,
    headers: IncomingHttpHeaders,
    body: Uint8Array,
    caller: Partial<Caller>,
  ): Promise<RawReply> {
    requireName(endpoint, version);
    requireEncoding(headers, contentEncodings);
    const subject = this.client.subjects.infer(endpoint);
    return this.ask(subject, endpoint, body, passedOn(headers, version), caller);
  }

  /** Tensors, JSON with binary behind it, on whichever road they came. */
  async inferBody(
    { endpoint, version }: Asked,
    body: Uint8Array,
    jsonLength: number,
    caller: Partial<Caller>,
  ): Promise<RawReply> {
    requireName(endpoint, version);
    const headers = {
      [headerNames.inferenceHeaderLength]: String(jsonLength),
      ...(version === undefined ? {} : { [headerNames.modelVersion]: version }),
    };
    return this.ask(this.client.subjects.infer(endpoint), endpoint, body, headers, caller);
  }

  /** Plain records. */
  async predict(
    endpoint: string,
    headers: IncomingHttpHeaders,
    body: Uint8Array,
    caller: Partial<Caller>,
  ): Promise<RawReply> {
    requireName(endpoint);
    requireEncoding(headers, contentEncodings);
    const subject = this.client.subjects.inferRows(endpoint);
    return this.ask(subject, endpoint, body, passedOn(headers, undefined), caller);
  }

  private async ask(
    subject: string,
    endpoint: string,
    body: Uint8Array,
    headers: Record<string, string>,
    caller: Partial<Caller>,
  ): Promise<RawReply> {
    const timeoutMs = this.env.PREDICTION_TIMEOUT_MS;
    try {
      return await this.client.requestRaw(subject, body, { headers, timeoutMs, coalesce: true, ...caller });
    } catch (thrown) {
      if (toDomainError(thrown).code === 'unavailable') await this.refuseUnknown(endpoint, caller);
      throw thrown;
    }
  }

  /** Nobody listens to this endpoint: is it unknown, or is nobody there who could know? */
  private async refuseUnknown(endpoint: string, caller: Partial<Caller>): Promise<void> {
    try {
      await this.client.request(modelMetadata, { endpoint }, { timeoutMs: 1_000, ...caller });
    } catch (thrown) {
      if (toDomainError(thrown).code === 'not_found') throw unknownModel(endpoint);
    }
  }
}
