/** The part for programs that only call: without Nest, which would cost a command-line program half its start. */
export { MessagingClient, type RawReply, type RequestOptions } from './client/messaging-client.js';
export { connectNats, type NatsOptions } from './connection/connect-nats.js';
export { decodeJson, encodeJson } from './wire/json.js';
