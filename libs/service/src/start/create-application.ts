import type { AddressInfo } from 'node:net';
import { MessagingClient, MessagingModule, NatsStrategy } from '@millrace/messaging';
import type { NestLogger } from '@millrace/observability';
import type { NatsConnection } from '@nats-io/transport-node';
import { Module, type INestApplication, type INestApplicationContext, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { AsyncMicroserviceOptions } from '@nestjs/microservices';
import type { HttpDefinition } from '../definition/define-service.js';
import type { BaseEnv } from '../env/base.env.js';
import { healthControllerOf } from '../health/health.controller.js';
import { checkJetStream, checkNats } from '../health/platform-checks.js';
import { PlatformModule, type Platform } from '../platform/platform.module.js';
import { orPortInUse } from './port-in-use.js';

export interface Application {
  app: INestApplicationContext;
  /** Begins to answer. @returns the URL of the HTTP side, if there is one */
  listen(): Promise<string | undefined>;
}

/** The Nest application of a service: on NATS, and on HTTP as well where the definition says so. */
export const createApplication = async (
  platform: Platform,
  nc: NatsConnection,
  logger: NestLogger,
): Promise<Application> => {
  const { definition, env } = platform;
  const options = { logger, abortOnError: false };
  const root = rootModule(platform, nc);
  const application = definition.http
    ? await httpApplication(root, definition.http, env, options)
    : await natsApplication(root, options);
  const client = application.app.get(MessagingClient);
  checkNats(platform.health, client);
  if (definition.jetstream !== false) checkJetStream(platform.health, client);
  return application;
};

const rootModule = (platform: Platform, connection: NatsConnection): Type => {
  const { definition, env, logger } = platform;
  @Module({
    imports: [
      PlatformModule.of(platform),
      MessagingModule.forRoot({ connection, prefix: env.SUBJECT_PREFIX, logger }),
      definition.module(env),
    ],
    controllers: [healthControllerOf(definition.name, definition.version)],
  })
  class ServiceModule {}
  return ServiceModule;
};

type Options = { logger: NestLogger; abortOnError: boolean };

const natsApplication = async (root: Type, options: Options): Promise<Application> => {
  const microservice: AsyncMicroserviceOptions & Options = {
    ...options,
    useFactory: (strategy: NatsStrategy) => ({ strategy }),
    inject: [NatsStrategy],
  };
  const app = await NestFactory.createMicroservice<AsyncMicroserviceOptions>(root, microservice);
  return {
    app,
    listen: async () => {
      await app.listen();
      return undefined;
    },
  };
};

const httpApplication = async (
  root: Type,
  http: HttpDefinition<BaseEnv>,
  env: BaseEnv,
  options: Options,
): Promise<Application> => {
  const app: INestApplication = await NestFactory.create(root, http.adapter(env), options);
  app.connectMicroservice({ strategy: app.get(NatsStrategy) });
  await http.configure?.(app, env);
  return {
    app,
    listen: async () => {
      await app.startAllMicroservices();
      const [host, port] = [http.host(env), http.port(env)];
      await app.listen(port, host).catch(orPortInUse('HTTP_PORT', { host, port }));
      return urlOf(app);
    },
  };
};

const urlOf = (app: INestApplication): string => {
  const { address, family, port } = (app.getHttpServer() as { address(): AddressInfo }).address();
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
};
