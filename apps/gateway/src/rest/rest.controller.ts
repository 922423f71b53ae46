import { Controller, Delete, Get, HttpCode, Post, Put, Req, Res, type Type } from '@nestjs/common';
import type { HttpBinding, Operation } from '@millrace/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RestService } from './rest.service.js';

const methods = { GET: Get, POST: Post, PUT: Put, DELETE: Delete } as const;

export type BoundOperation = Operation & { http: HttpBinding };

export const boundOperations = (operations: readonly Operation[]): BoundOperation[] =>
  operations.filter((operation): operation is BoundOperation => operation.http !== undefined);

/** A controller with one route for every operation that has an HTTP binding: what hand-written ones would say. */
export const restController = (operations: readonly Operation[]): Type => {
  @Controller()
  class RestController {
    constructor(readonly rest: RestService) {}
  }
  for (const operation of boundOperations(operations)) {
    const handler = `${operation.service}.${operation.name}`;
    const value = function (
      this: RestController,
      request: FastifyRequest,
      reply: FastifyReply,
    ): Promise<object> {
      return this.rest.forward(operation, request, reply);
    };
    Object.defineProperty(RestController.prototype, handler, { value, configurable: true, writable: true });
    const descriptor = Object.getOwnPropertyDescriptor(
      RestController.prototype,
      handler,
    ) as PropertyDescriptor;
    const { method, path, status = 200 } = operation.http;
    methods[method](path)(RestController.prototype, handler, descriptor);
    HttpCode(status)(RestController.prototype, handler, descriptor);
    Req()(RestController.prototype, handler, 0);
    Res({ passthrough: true })(RestController.prototype, handler, 1);
  }
  return RestController;
};
