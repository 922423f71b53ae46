import { once } from 'node:events';
import { createServer, type AddressInfo, type Server as Listener, type Socket } from 'node:net';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Server, ServerCredentials, type MethodDefinition } from '@grpc/grpc-js';
import { Health } from '@millrace/observability';
import { orPortInUse } from '@millrace/service';
import type { Service } from 'protobufjs';
import { GatewayEnv } from '../config/gateway.env.js';
import { InFlight } from '../http/in-flight.js';
import { Admission, OpenStreams } from './admission.js';
import { GrpcHandlers } from './grpc-handlers.js';

const untouched = (bytes: Buffer): Buffer => bytes;

/** Messages are read and written by the handlers: what is malformed is the caller's mistake, and said so. */
const definitionOf = (service: Service, name: string): MethodDefinition<Buffer, Buffer> => {
  const { requestStream = false, responseStream = false } = service.methods[name]!;
  return {
    path: `/${service.fullName.slice(1)}/${name}`,
    ...{ requestStream, responseStream },
    ...{ requestSerialize: untouched, requestDeserialize: untouched },
    ...{ responseSerialize: untouched, responseDeserialize: untouched },
  };
};

/** Open Inference Protocol and `grpc.health.v1` on a port of their own, beside HTTP. */
@Injectable()
export class GrpcServer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('grpc');
  private readonly listener: Listener;
  private readonly streams: OpenStreams;
  private readonly admission: Admission;
  private readonly server: Server;

  constructor(
    private readonly env: GatewayEnv,
    private readonly health: Health,
    inFlight: InFlight,
    handlers: GrpcHandlers,
  ) {
    this.streams = new OpenStreams(env.HTTP_MAX_EVENT_STREAMS);
    this.admission = new Admission(inFlight, env.HTTP_REQUEST_TIMEOUT_MS);
    this.server = new Server({
      interceptors: [this.admission.interceptor],
      'grpc.max_receive_message_length': env.HTTP_BODY_LIMIT_BYTES,
      'grpc.max_concurrent_streams': env.HTTP_MAX_IN_FLIGHT + env.HTTP_MAX_EVENT_STREAMS,
      // Finds clients that are gone without a word.
      'grpc.keepalive_time_ms': 60_000,
      'grpc.keepalive_timeout_ms': 20_000,
      'grpc.enable_channelz': 0,
    });
    for (const [service, implementation] of handlers.of(this.streams))
      this.server.addService(
        Object.fromEntries(Object.keys(implementation).map((name) => [name, definitionOf(service, name)])),
        implementation,
      );
    this.listener = createServer();
    this.listener.maxConnections = env.HTTP_MAX_CONNECTIONS;
  }

  /** `host:port`, or undefined where there is none. */
  get address(): string | undefined {
    if (!this.listener.listening) return undefined;
    const { address, family, port } = this.listener.address() as AddressInfo;
    return `${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  }

  async onApplicationBootstrap(): Promise<void> {
    const at = { host: this.env.HTTP_HOST, port: this.env.GATEWAY_GRPC_PORT };
    if (at.port === -1) return;
    const connections = this.server.createConnectionInjector(ServerCredentials.createInsecure());
    this.listener.on('connection', (socket: Socket) => {
      socket.setNoDelay(true);
      connections.injectConnection(socket);
    });
    this.listener.listen(at);
    await once(this.listener, 'listening').catch(orPortInUse('GATEWAY_GRPC_PORT', at));
    this.health.add(`grpc ${this.address}`, () => {
      if (!this.listener.listening) throw new Error('closed');
    });
    this.logger.log(`gRPC at ${this.address}`);
  }

  /** Answers what it accepted, for half of the time that a stop may take. */
  async beforeApplicationShutdown(): Promise<void> {
    this.listener.close();
    this.streams.endAll();
    const force = setTimeout(() => this.server.forceShutdown(), Math.ceil(this.env.SHUTDOWN_TIMEOUT_MS / 2));
    await new Promise<void>((closed) => this.server.tryShutdown(() => closed()));
    clearTimeout(force);
    this.admission.close();
  }
}
