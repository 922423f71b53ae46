import { DomainError } from '@millrace/contracts';
import { createInbox, type Msg, type NatsConnection, type Subscription } from '@nats-io/transport-node';
import { DeadlineWheel, type Expiring } from './deadline-wheel.js';
import { Turn } from './turn.js';

/** One request that waits for its reply. */
class Pending implements Expiring {
  bucket = 0;
  /** Stops listening to the caller's signal, which may outlive many requests. */
  release: (() => void) | undefined;

  constructor(
    private readonly inbox: Inbox,
    readonly token: number,
    private readonly what: string,
    private readonly resolve: (message: Msg) => void,
    readonly reject: (error: DomainError) => void,
  ) {}

  accept(message: Msg): void {
    if (isNoResponders(message))
      this.reject(new DomainError('unavailable', `no service answers on ${this.what}`));
    else this.resolve(message);
  }

  expire(): void {
    this.inbox.forget(this.token);
    this.reject(new DomainError('deadline_exceeded', `no reply from ${this.what} in time`));
  }
}

const isNoResponders = (message: Msg): boolean => message.data.length === 0 && message.headers?.code === 503;

/**
 * Replies of all requests of one connection: one wildcard subscription, one map, one timer. A request per inbox and
 * timer, as clients do it by default, costs two to four times as much.
 */
export class Inbox {
  private readonly pending = new Map<number, Pending>();
  private readonly wheel = new DeadlineWheel();
  private readonly turn = new Turn();
  private readonly prefix: string;
  private readonly subscription: Subscription;
  private last = 0;

  constructor(nc: NatsConnection, inboxPrefix?: string) {
    this.prefix = `${createInbox(inboxPrefix)}.`;
    this.subscription = nc.subscribe(`${this.prefix}*`, {
      callback: (error, message) => {
        if (error) return this.rejectAll(new DomainError('unavailable', error.message, { cause: error }));
        this.accept(message);
      },
    });
  }

  /**
   * @param what for messages: the subject that was asked
   * @param send publishes the request with the reply subject that it is given
   * @param coalesce with all others of this turn of the event loop, at its end
   */
  expect(
    what: string,
    timeoutMs: number,
    send: (reply: string) => void,
    { signal, coalesce = false }: { signal?: AbortSignal; coalesce?: boolean } = {},
  ): Promise<Msg> {
    return new Promise<Msg>((resolve, reject) => {
      const token = ++this.last;
      const pending = new Pending(this, token, what, resolve, reject);
      this.pending.set(token, pending);
      pending.bucket = this.wheel.add(pending, timeoutMs);
      const publish = (): void => {
        // Given up before it left.
        if (!this.pending.has(token)) return;
        try {
          send(this.prefix + token.toString(36));
        } catch (error) {
          this.forget(token)?.reject(error as DomainError);
        }
      };
      if (coalesce) this.turn.add(publish);
      else publish();
      if (signal) this.abortWith(signal, pending);
    });
  }

  forget(token: number): Pending | undefined {
    const pending = this.pending.get(token);
    if (!pending) return undefined;
    this.pending.delete(token);
    this.wheel.remove(pending, pending.bucket);
    pending.release?.();
    return pending;
  }

  /** Nobody will answer any more, e.g. because the connection is lost. */
  rejectAll(error: DomainError): void {
    const all = [...this.pending.values()];
    for (const pending of all) {
      this.forget(pending.token);
      pending.reject(error);
    }
  }

  close(): void {
    this.rejectAll(new DomainError('unavailable', 'the client is closed'));
    this.wheel.stop();
    this.subscription.unsubscribe();
  }

  private accept(message: Msg): void {
    this.forget(parseInt(message.subject.slice(this.prefix.length), 36))?.accept(message);
  }

  private abortWith(signal: AbortSignal, pending: Pending): void {
    const abort = () => {
      if (this.forget(pending.token)) pending.reject(new DomainError('cancelled', 'the caller gave up'));
    };
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    pending.release = () => signal.removeEventListener('abort', abort);
  }
}
