import type { EventEmitter } from 'node:events';
import { resolve } from 'node:path';
import {
  credentials,
  loadPackageDefinition,
  Metadata,
  type CallOptions,
  type ClientDuplexStream,
  type ClientReadableStream,
  type ServiceError,
  type StatusObject,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

type Message = Record<string, unknown>;

interface Generated {
  [method: string]: (
    request: Message,
    metadata: Metadata,
    options: CallOptions,
    callback: (error: ServiceError | null, response: Message) => void,
  ) => unknown;
}

const proto = resolve(import.meta.dirname, '../../proto');
const definition = loadPackageDefinition(
  loadSync(['grpc_service.proto', 'health.proto'], {
    includeDirs: [proto],
    ...{ keepCase: true, longs: String, enums: String, defaults: true, oneofs: true },
  }),
) as unknown as {
  inference: { GRPCInferenceService: new (...args: unknown[]) => Generated & { close(): void } };
  grpc: { health: { v1: { Health: new (...args: unknown[]) => Generated & { close(): void } } } };
};

/** What a client in JavaScript is: made of the .proto by grpc-js and proto-loader, as Triton's example is. */
export class GrpcClient {
  private readonly inference;
  private readonly health;

  constructor(address: string) {
    // A channel of its own: several clients of one address would share one.
    const options = { 'grpc.use_local_subchannel_pool': 1 };
    this.inference = new definition.inference.GRPCInferenceService(
      address,
      credentials.createInsecure(),
      options,
    );
    this.health = new definition.grpc.health.v1.Health(address, credentials.createInsecure(), options);
  }

  /** Rejects with the status: `code`, `details`, `metadata`. */
  call(
    method: string,
    request: Message,
    { headers = {}, ...options }: CallOptions & { headers?: Record<string, string> } = {},
  ): Promise<Message> {
    const client = method === 'Check' ? this.health : this.inference;
    const metadata = new Metadata();
    for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
    return new Promise((answered, failed) => {
      client[method]!(request, metadata, options, (error, response) =>
        error ? failed(error) : answered(response),
      );
    });
  }

  stream(headers: Record<string, string> = {}): ClientDuplexStream<Message, Message> {
    const metadata = new Metadata();
    for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
    const open = this.inference['ModelStreamInfer'] as unknown as (
      metadata: Metadata,
    ) => ClientDuplexStream<Message, Message>;
    return open.call(this.inference, metadata);
  }

  watch(service: string): ClientReadableStream<Message> {
    const open = this.health['Watch'] as unknown as (request: Message) => ClientReadableStream<Message>;
    return open.call(this.health, { service });
  }

  close(): void {
    this.inference.close();
    this.health.close();
  }
}

/** How a stream ended; its error, which says the same, is nobody's. */
export const statusOf = (stream: EventEmitter): Promise<StatusObject> =>
  new Promise((ended) => stream.on('error', () => undefined).once('status', ended));

/** Why a call was refused. */
export const refusal = (asked: Promise<unknown>): Promise<ServiceError> =>
  asked.then(
    (answer) => Promise.reject(new Error(`was answered: ${JSON.stringify(answer)}`)),
    (error: ServiceError) => error,
  );
