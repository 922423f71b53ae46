import type { Operation, Subjects } from '@millrace/contracts';
import { UseFilters } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { DomainErrorFilter } from './domain-error.filter.js';
import { DtoPipe } from './dto.pipe.js';
import type { RequestContext } from './request-context.js';

/** What a raw endpoint answers. */
export interface RawResult {
  data: Uint8Array;
  headers?: Record<string, string>;
}

/** Bytes in, bytes out. `context.get(name)` reads a request header. */
export type RawHandler = (data: Uint8Array, context: RequestContext) => RawResult | Promise<RawResult>;

/** How the decorators tell the strategy what they decorate (Nest hands `extras` through). */
export interface EndpointExtras {
  millrace: { kind: 'operation'; operation: Operation } | { kind: 'raw'; subject: (s: Subjects) => string };
}

type Method<Args extends unknown[], Result> = <M extends (...args: Args) => Result>(
  target: object,
  key: string,
  descriptor: TypedPropertyDescriptor<M>,
) => void;

const filter = new DomainErrorFilter();

/**
 * The method answers this operation. It gets the validated DTO and, if it wants, the RequestContext. Nest's guards,
 * interceptors and filters apply; a filter of your own goes on the method, above this decorator.
 */
export const Handle =
  <Q extends object, R extends object>(
    operation: Operation<Q, R>,
  ): Method<[request: Q, context: RequestContext], R | Promise<R>> =>
  (target, key, descriptor) => {
    const extras: EndpointExtras = { millrace: { kind: 'operation', operation } };
    decorate(`${operation.service}.${operation.name}`, extras, target, key, descriptor);
    Payload(new DtoPipe(operation.request))(target, key, 0);
  };

/** The method answers raw bytes on this subject, e.g. `@HandleRaw((s) => s.infer('*'))`. No DTO, no JSON. */
export const HandleRaw =
  (
    subject: (s: Subjects) => string,
  ): Method<[data: Uint8Array, context: RequestContext], RawResult | Promise<RawResult>> =>
  (target, key, descriptor) => {
    const extras: EndpointExtras = { millrace: { kind: 'raw', subject } };
    decorate(`raw.${target.constructor.name}.${key}`, extras, target, key, descriptor);
    Payload()(target, key, 0);
  };

const decorate = (
  pattern: string,
  extras: EndpointExtras,
  target: object,
  key: string,
  descriptor: PropertyDescriptor,
): void => {
  MessagePattern(pattern, extras)(target, key, descriptor);
  UseFilters(filter)(target, key, descriptor);
  Ctx()(target, key, 1);
};
