import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { followRun, type RunChange } from '@millrace/client';
import { DomainError, type RunView } from '@millrace/contracts';
import { MessagingClient } from '@millrace/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GatewayEnv } from '../config/gateway.env.js';
import { headerOf } from '../http/caller.js';
import { EventStream } from './event-stream.js';

/** The id of the last event; a browser that comes back with it is told to stay away (204). */
const endId = 'end';

const tell = (stream: EventStream, change: RunChange): void => {
  if (change.kind === 'snapshot') stream.send('snapshot', change.run);
  else if (change.kind === 'run') stream.send('run', change.run);
  else if (change.kind === 'step') stream.send('step', change.step);
  else stream.sendLossy('progress', change.progress);
};

/** Event streams of runs. Nothing is kept: a stream that breaks begins again with the run as it is then. */
@Injectable()
export class RunEvents implements BeforeApplicationShutdown {
  private readonly logger = new Logger('events');
  private readonly open = new Set<AbortController>();

  constructor(
    private readonly client: MessagingClient,
    private readonly env: GatewayEnv,
  ) {}

  /** Resolves when the stream has begun; what goes wrong before that is an ordinary error. */
  async follow(run: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (headerOf(request, 'last-event-id') === endId) return void reply.code(204).send();
    if (request.method === 'HEAD') return void reply.code(405).send();
    const limit = this.env.HTTP_MAX_EVENT_STREAMS;
    if (this.open.size >= limit)
      throw new DomainError('overloaded', `${limit} event streams are open already`);
    const stop = new AbortController();
    this.open.add(stop);
    reply.raw.once('close', () => stop.abort());
    await new Promise<void>((begun, failed) => {
      let stream: EventStream | undefined;
      const onChange = (change: RunChange): void => {
        if (!stream) {
          reply.hijack();
          stream = new EventStream(reply.raw);
          begun();
        }
        tell(stream, change);
      };
      followRun(this.client, run, { onChange, signal: stop.signal })
        .then(({ status }: RunView) => stream?.send('end', { run, status }, endId))
        .catch((thrown: unknown) => {
          if (!stream) failed(thrown as Error);
          else if (!stop.signal.aborted) this.logger.error({ err: thrown, run }, 'a stream of events broke');
        })
        .finally(() => {
          this.open.delete(stop);
          stream?.end();
        });
    });
  }

  beforeApplicationShutdown(): void {
    for (const stop of this.open) stop.abort();
  }
}
