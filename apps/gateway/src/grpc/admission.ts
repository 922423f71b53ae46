import { ServerInterceptingCall, status, type ServerInterceptor } from '@grpc/grpc-js';
import { DomainError, toDomainError } from '@millrace/contracts';
import type { InFlight } from '../http/in-flight.js';
import { toStatus } from './status.js';

interface Arriving {
  readonly since: number;
  refuse(): void;
}

/**
 * A call that is no stream counts as in flight from its headers to its status, so that what half-sent messages can hold is
 * bounded, and has a limited time to arrive. One timer looks after all of them.
 */
export class Admission {
  /** Oldest first. */
  private readonly arriving = new Set<Arriving>();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly inFlight: InFlight,
    private readonly arrivalTimeoutMs: number,
  ) {
    this.timer = setInterval(() => this.sweep(), Math.min(arrivalTimeoutMs, 2_000)).unref();
  }

  readonly interceptor: ServerInterceptor = ({ requestStream, responseStream }, call) => {
    if (requestStream || responseStream) return new ServerInterceptingCall(call);
    let leave: (() => void) | undefined;
    const arrival: Arriving = {
      since: performance.now(),
      refuse: () =>
        call.sendStatus({ code: status.DEADLINE_EXCEEDED, details: 'the request did not arrive in time' }),
    };
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, go) => {
            try {
              leave = this.inFlight.enter();
            } catch (thrown) {
              return call.sendStatus(toStatus(toDomainError(thrown)));
            }
            this.arriving.add(arrival);
            go(metadata);
          },
          onReceiveHalfClose: (go) => {
            this.arriving.delete(arrival);
            go();
          },
          // Comes at the end of every call, whatever its status.
          onCancel: () => {
            this.arriving.delete(arrival);
            leave?.();
            leave = undefined;
          },
        }),
    });
  };

  close(): void {
    clearInterval(this.timer);
  }

  private sweep(): void {
    const oldest = performance.now() - this.arrivalTimeoutMs;
    for (const arrival of this.arriving) {
      if (arrival.since > oldest) return;
      this.arriving.delete(arrival);
      arrival.refuse();
    }
  }
}

/** Streams that are open: so many at a time, and all of them end when the server does. */
export class OpenStreams {
  private readonly endings = new Set<() => void>();

  constructor(private readonly most: number) {}

  /**
   * @param end called when the server stops
   * @returns what to call when the stream has ended
   * @throws DomainError `overloaded`
   */
  open(end: () => void): () => void {
    if (this.endings.size >= this.most)
      throw new DomainError('overloaded', `${this.most} streams are open already`);
    this.endings.add(end);
    return () => void this.endings.delete(end);
  }

  endAll(): void {
    for (const end of this.endings) end();
  }
}
