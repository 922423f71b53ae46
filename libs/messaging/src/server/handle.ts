import type { Operation, Subjects } from '@millrace/contracts';
import { UseFilters } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { PARAM_ARGS_METADATA } from '@nestjs/microservices/constants.js';
import { DomainErrorFilter } from './domain-error.filter.js';
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
 * interceptors and filters apply, to what has passed the DTO; pipes don't. A filter of your own goes on the method, above
 * this decorator.
 */
export const Handle =
  <Q extends object, R extends object>(
    operation: Operation<Q, R>,
  ): Method<[request: Q, context: RequestContext], R | Promise<R>> =>
  (target, key, descriptor) => {
    const extras: EndpointExtras = { millrace: { kind: 'operation', operation } };
    decorate(`${operation.service}.${operation.name}`, extras, target, key, descriptor);
  };

/** The method answers raw bytes on this subject, e.g. `@HandleRaw((s) => s.infer('*'))`. No DTO, no JSON. */
export const HandleRaw =
  (
    subject: (s: Subjects) => string,
  ): Method<[data: Uint8Array, context: RequestContext], RawResult | Promise<RawResult>> =>
  (target, key, descriptor) => {
    const extras: EndpointExtras = { millrace: { kind: 'raw', subject } };
    decorate(`raw.${target.constructor.name}.${key}`, extras, target, key, descriptor);
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
  // No parameters for Nest to gather: the method gets (body, context) as the strategy calls it, five promises cheaper.
  Reflect.defineMetadata(PARAM_ARGS_METADATA, {}, target.constructor, key);
};
