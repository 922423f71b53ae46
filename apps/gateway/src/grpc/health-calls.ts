import { Injectable } from '@nestjs/common';
import type { ServerWritableStream } from '@grpc/grpc-js';
import { DomainError, NotFound } from '@millrace/contracts';
import type { OpenStreams } from './admission.js';
import { Calls } from './calls.js';
import { messageType, openInferenceService, readMessage, writeMessage } from './messages/protocol.js';
import { ModelCalls } from './model-calls.js';

type Call = ServerWritableStream<Buffer, Buffer>;

const requestType = messageType('grpc.health.v1.HealthCheckRequest');
const responseType = messageType('grpc.health.v1.HealthCheckResponse');
const serving = 1;
const notServing = 2;
const serviceUnknown = 3;
/** How soon a watcher learns of a change. */
const pollMs = 1_000;

const known = new Set(['', openInferenceService.fullName.slice(1)]);

const serviceOf = (message: Buffer): string => readMessage<{ service: string }>(requestType, message).service;

const write = (status: number): Buffer => writeMessage(responseType, { status });

/** `grpc.health.v1`: serving is answering predictions, not being up. */
@Injectable()
export class HealthCalls {
  constructor(
    private readonly models: ModelCalls,
    private readonly calls: Calls,
  ) {}

  async check(message: Buffer): Promise<Buffer> {
    const service = serviceOf(message);
    if (!known.has(service)) throw new NotFound('service', service.slice(0, 100));
    return write(await this.status());
  }

  watcher(streams: OpenStreams): (call: Call) => void {
    return (call) => {
      try {
        this.watch(call, streams);
      } catch (thrown) {
        call.emit('error', this.calls.refuse('Watch', thrown));
      }
    };
  }

  private watch(call: Call, streams: OpenStreams): void {
    const isKnown = known.has(serviceOf(call.request));
    let timer: NodeJS.Timeout | undefined;
    let ended = false;
    let told: number | undefined;
    const close = streams.open(() => {
      end();
      call.emit(
        'error',
        this.calls.refuse('Watch', new DomainError('unavailable', 'the server is stopping')),
      );
    });
    const end = () => {
      ended = true;
      clearTimeout(timer);
      close();
    };
    const look = async () => {
      const status = isKnown ? await this.status() : serviceUnknown;
      if (ended) return;
      if (status !== told) call.write(write((told = status)));
      timer = setTimeout(() => void look(), pollMs).unref();
    };
    call.once('cancelled', end);
    void look();
  }

  private async status(): Promise<number> {
    return (await this.models.serves().catch(() => false)) ? serving : notServing;
  }
}
