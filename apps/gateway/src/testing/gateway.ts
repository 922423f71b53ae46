import { errorCodes, headerNames, toDomainError } from '@millrace/contracts';
import { connectNats, encodeJson, MessagingClient } from '@millrace/messaging';
import { startService, type RunningService } from '@millrace/service';
import { startNats, type TestNats } from '@millrace/testing';
import { headers as natsHeaders, type Msg } from '@nats-io/transport-node';
import { GrpcServer } from '../grpc/grpc-server.js';
import { gatewayService } from '../service.js';

type Answer = (message: Msg) => Uint8Array | object;

/** The gateway on a real nats-server, and what stands in for the services behind it. */
export class TestGateway {
  private constructor(
    readonly nats: TestNats,
    readonly client: MessagingClient,
    readonly service: RunningService,
  ) {}

  static async start(env: Record<string, string> = {}): Promise<TestGateway> {
    const nats = await startNats({ jetstream: false });
    const client = new MessagingClient(await connectNats({ url: nats.url, name: 'responders' }));
    const service = await startService(gatewayService, {
      env: {
        NATS_URL: nats.url,
        HTTP_PORT: '0',
        GATEWAY_GRPC_PORT: '0',
        HEALTH_PORT: '-1',
        LOG_LEVEL: 'silent',
        ...env,
      },
    }).catch(async (error: unknown) => {
      await client.nc.close();
      await nats.stop();
      throw error;
    });
    return new TestGateway(nats, client, service);
  }

  get url(): string {
    return this.service.url as string;
  }

  /** Of gRPC: `host:port`. */
  get grpcAddress(): string {
    return this.service.app.get(GrpcServer).address as string;
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  fetch(path: string, init?: RequestInit): Promise<Response> {
    return fetch(`${this.url}${path}`, init);
  }

  send(method: string, path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return this.fetch(path, {
      method,
      body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json', ...headers },
    });
  }

  /** Answers on a subject below the prefix, e.g. `registry.model.get`; a thrown DomainError goes the way services send it. */
  async answer(subject: string, answer: Answer): Promise<{ stop: () => void }> {
    const subscription = this.client.nc.subscribe(`${this.client.subjects.prefix}.${subject}`, {
      callback: (_error, message) => {
        try {
          const body = answer(message);
          message.respond(body instanceof Uint8Array ? body : encodeJson(body));
        } catch (thrown) {
          const error = toDomainError(thrown);
          const headers = natsHeaders();
          headers.set(headerNames.serviceErrorCode, String(errorCodes[error.code].http));
          headers.set(headerNames.serviceError, error.message);
          message.respond(encodeJson(error.toBody()), { headers });
        }
      },
    });
    await this.client.nc.flush();
    return { stop: () => subscription.unsubscribe() };
  }

  async stop(): Promise<void> {
    await this.service.stop();
    await this.client.nc.close();
    await this.nats.stop();
  }
}
