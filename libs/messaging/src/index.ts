export type { Answers } from './client/ask-all.js';
export { MessagingClient, type RawReply, type RequestOptions } from './client/messaging-client.js';
export { connectNats, serversOf, type NatsOptions } from './connection/connect-nats.js';
export { CompletionQueue } from './jetstream/completion-queue.js';
export type { Horizon } from './jetstream/count-waiting.js';
export { DurablePuller, type Consumption, type PullOptions } from './jetstream/durable-puller.js';
export { ensureStreams } from './jetstream/ensure-streams.js';
export { EventBus } from './jetstream/event-bus.js';
export { makeEvent } from './jetstream/make-event.js';
export { publishStored, type StoredMessage } from './jetstream/publish.js';
export { Redeliver } from './jetstream/redeliver.js';
export { WorkQueue, type Delivery, type WorkQueueOptions } from './jetstream/work-queue.js';
export { MessagingModule, NATS_CONNECTION, type MessagingModuleOptions } from './messaging.module.js';
export { Handle, HandleRaw, type RawHandler, type RawResult } from './server/handle.js';
export type { ServiceIdentity } from './server/discovery.js';
export { NatsStrategy, type NatsStrategyOptions } from './server/nats-strategy.js';
export { RequestContext } from './server/request-context.js';
export { validateDto } from './server/validate-dto.js';
export {
  acceptedEncoding,
  compressBody,
  contentEncodings,
  inflateBody,
  type ContentEncoding,
} from './wire/compression.js';
export { decodeJson, encodeJson } from './wire/json.js';
