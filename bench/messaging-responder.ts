/** The other side of bench/messaging.ts: the same echo, bare and through the strategy. */
import {
  connectNats,
  Handle,
  HandleRaw,
  MessagingClient,
  NatsStrategy,
  type RawResult,
} from '@millrace/messaging';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { bareSubject, dynamicSubject, echo, prefix, rawSubject, Selector } from './messaging.contract.js';

@Controller()
class EchoController {
  @Handle(echo) echo(body: Selector): Selector {
    return body;
  }

  @HandleRaw(() => rawSubject) raw(data: Uint8Array): RawResult {
    return { data };
  }
}

@Module({ controllers: [EchoController] })
class EchoModule {}

const nc = await connectNats({ url: process.argv[2]!, name: 'bench-responder' });
nc.subscribe(bareSubject, { callback: (_, message) => void message.respond(message.data) });
const strategy = new NatsStrategy({
  client: new MessagingClient(nc, { prefix }),
  service: { name: 'bench', version: '1.0.0' },
});
const app = await NestFactory.createMicroservice(EchoModule, { strategy, logger: false });
await app.listen();
strategy.addRaw('dynamic', dynamicSubject, (data) => ({ data }));
await nc.flush();
process.send?.('ready');
process.on('SIGINT', () => process.exit(0));
