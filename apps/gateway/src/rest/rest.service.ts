import { Injectable } from '@nestjs/common';
import { headerNames, InvalidRequest, type Operation } from '@millrace/contracts';
import { MessagingClient, validateDto } from '@millrace/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { bodyOf, headerOf, onBehalfOf } from '../http/caller.js';
import { readJson, requireJson } from '../http/read-json.js';
import { bindRequest } from './bind-request.js';
import { hasField } from './operation-fields.js';

/** One HTTP request, forwarded to the service whose operation it names. */
@Injectable()
export class RestService {
  constructor(private readonly client: MessagingClient) {}

  forward(operation: Operation, request: FastifyRequest, reply: FastifyReply): Promise<object> {
    return onBehalfOf(request, reply, `${operation.service}.${operation.name}`, (caller) =>
      this.client.request(operation, validateDto(operation.request, this.bind(operation, request)), caller),
    );
  }

  private bind(operation: Operation, request: FastifyRequest): Record<string, unknown> {
    const body = bodyOf(request);
    if (body.length > 0) requireJson(request.headers);
    return bindRequest(
      {
        params: { ...(request.params as object) },
        query: this.query(operation, request),
        body: readJson(body),
        idempotencyKey: headerOf(request.headers, headerNames.idempotencyKey),
      },
      hasField(operation.request, 'idempotencyKey'),
    );
  }

  private query(operation: Operation, request: FastifyRequest): Record<string, unknown> {
    const query = { ...(request.query as object) };
    const unknown = operation.http?.method === 'GET' ? [] : Object.keys(query);
    if (unknown.length > 0) {
      throw new InvalidRequest(
        unknown.map((field) => ({ field, message: 'belongs into the body, not into the query' })),
      );
    }
    return query;
  }
}
