import { startNats, type TestNats } from '@millrace/testing';
import type { NatsConnection } from '@nats-io/transport-node';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagingClient } from './client/messaging-client.js';
import { connectNats } from './connection/connect-nats.js';
import { CompletionQueue } from './jetstream/completion-queue.js';
import { EventBus } from './jetstream/event-bus.js';
import { WorkQueue } from './jetstream/work-queue.js';
import { MessagingModule, NATS_CONNECTION, type MessagingModuleOptions } from './messaging.module.js';

@Injectable()
class Consumer {
  constructor(
    readonly client: MessagingClient,
    readonly work: WorkQueue,
    readonly done: CompletionQueue,
    readonly events: EventBus,
  ) {}
}

describe('MessagingModule', () => {
  let nats: TestNats;
  beforeAll(async () => void (nats = await startNats()));
  afterAll(() => nats.stop());

  const start = (options: MessagingModuleOptions) => {
    @Module({ imports: [MessagingModule.forRoot(options)], providers: [Consumer] })
    class Root {}
    return NestFactory.createApplicationContext(Root, { logger: false });
  };

  it('connects, gives out its parts, and closes the connection that it made', async () => {
    const app = await start({ url: nats.url, name: 'test', prefix: 'mod.v1' });
    const { client, work, done, events } = app.get(Consumer);
    expect([work, done, events].every(Boolean)).toBe(true);
    expect(client.subjects.prefix).toBe('mod.v1');
    const nc = app.get<NatsConnection>(NATS_CONNECTION);
    await app.close();
    expect(nc.isClosed()).toBe(true);
    await expect(client.requestRaw('x', Buffer.alloc(0))).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('leaves a connection to its owner', async () => {
    const connection = await connectNats({ url: nats.url, name: 'owner' });
    const app = await start({ connection });
    await app.close();
    expect(connection.isClosed()).toBe(false);
    await connection.close();
  });
});
