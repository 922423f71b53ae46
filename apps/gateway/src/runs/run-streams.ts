import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { DomainError, type RunStatus } from '@millrace/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GatewayEnv } from '../config/gateway.env.js';
import { headerOf } from '../http/caller.js';
import { EventStream } from './event-stream.js';

/** The id of the last event; a browser that comes back with it is told to stay away (204). */
const endId = 'end';

/** Follows a run until it has ended, telling the stream that `begin` gives; without it, nothing was sent yet. */
export type Follow = (o: { signal: AbortSignal; begin: () => EventStream }) => Promise<RunStatus>;

/** Event streams of runs: so many at a time, each until its run has ended, its client goes, or the gateway stops. */
@Injectable()
export class RunStreams implements BeforeApplicationShutdown {
  private readonly logger = new Logger('events');
  private readonly open = new Set<AbortController>();

  constructor(private readonly env: GatewayEnv) {}

  /** Resolves when the stream has begun; what goes wrong before that is an ordinary error. */
  async serve(run: string, request: FastifyRequest, reply: FastifyReply, follow: Follow): Promise<void> {
    if (headerOf(request.headers, 'last-event-id') === endId) return void reply.code(204).send();
    if (request.method === 'HEAD') return void reply.code(405).send();
    const limit = this.env.HTTP_MAX_EVENT_STREAMS;
    if (this.open.size >= limit)
      throw new DomainError('overloaded', `${limit} event streams are open already`);
    const stop = new AbortController();
    this.open.add(stop);
    reply.raw.once('close', () => stop.abort());
    await new Promise<void>((begun, failed) => {
      let stream: EventStream | undefined;
      const begin = (): EventStream => {
        if (stream) return stream;
        reply.hijack();
        stream = new EventStream(reply.raw);
        begun();
        return stream;
      };
      follow({ signal: stop.signal, begin })
        .then((status) => begin().send('end', { run, status }, endId))
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
