import type { AbstractHttpAdapter } from '@nestjs/core';
import type { DynamicModule, INestApplication, Type } from '@nestjs/common';
import type { BaseEnv } from '../env/base.env.js';

export interface HttpDefinition<E extends BaseEnv> {
  adapter(env: E): AbstractHttpAdapter;
  host(env: E): string;
  /** 0 = a free port. */
  port(env: E): number;
  configure?(app: INestApplication, env: E): Promise<void> | void;
}

export interface ServiceDefinition<E extends BaseEnv = BaseEnv> {
  /** `[a-z][a-z0-9-]*`: the first token of its operations' subjects, and its queue group. */
  readonly name: string;
  /** SemVer. */
  readonly version: string;
  /** Its one responsibility, in one sentence. */
  readonly description: string;
  readonly env: new () => E;
  module(env: E): Type | DynamicModule;
  /** For the service that speaks HTTP as well. */
  readonly http?: HttpDefinition<E>;
  /** `false`: does its job without JetStream, so readiness does not ask for it. */
  readonly jetstream?: boolean;
}

/** What a service is, without starting anything: `main.ts` runs it alone, `standalone` runs many in one process. */
export const defineService = <E extends BaseEnv>(definition: ServiceDefinition<E>): ServiceDefinition<E> => {
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(definition.name))
    throw new Error(`'${definition.name}' cannot be a service's name`);
  return Object.freeze(definition);
};
