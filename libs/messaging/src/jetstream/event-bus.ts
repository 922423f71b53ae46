import { streamName, streams, type CloudEvent, type EventMap, type EventType } from '@millrace/contracts';
import { withTrace, type Logger } from '@millrace/observability';
import type { MessagingClient } from '../client/messaging-client.js';
import { decodeJson, encodeJson } from '../wire/json.js';
import { DurablePuller, type Consumption } from './durable-puller.js';
import { publishStored } from './publish.js';

/** Longer than events are kept: a consumer that nobody used for so long has nothing left to miss. */
const eightDaysMs = 8 * 86_400_000;

/** CloudEvents of all services: `<prefix>.event.<type>`. */
export class EventBus {
  constructor(
    private readonly client: MessagingClient,
    private readonly logger?: Logger,
  ) {}

  /** Returns once the event is stored. Its id deduplicates, so publishing again is safe. */
  async publish<T extends EventType>(event: CloudEvent<EventMap[T]>): Promise<void> {
    await publishStored(this.client, {
      subject: this.client.subjects.event(event.type),
      messageId: event.id,
      payload: encodeJson(event),
    });
  }

  /**
   * Every event of these types since the durable first asked for the type, and those of the week before. At least once;
   * in order within a type as long as no handler throws (then the event comes again, later); replicas with one durable
   * name share the events.
   * @param durable `[A-Za-z0-9-]+`, e.g. `monitoring`
   */
  async subscribe(
    durable: string,
    types: EventType[],
    handler: (event: CloudEvent) => Promise<void>,
  ): Promise<Consumption> {
    // One consumer per type: servers before 2.10 know one filter each, and an older replica, which does not know a new
    // type, must not take its events away.
    const pullers = types.map((type) => this.pull(durable, type, handler));
    return { stop: async () => void (await Promise.all(pullers.map((puller) => puller.stop()))) };
  }

  private pull(
    durable: string,
    type: EventType,
    handler: (event: CloudEvent) => Promise<void>,
  ): DurablePuller {
    return new DurablePuller(this.client, {
      stream: streamName(this.client.subjects.prefix, streams.events),
      durable: `${durable}_${type.replaceAll('.', '_')}`,
      filter: this.client.subjects.event(type),
      batch: 32,
      lanes: 1,
      inactiveMs: eightDaysMs,
      handle: async (message) => {
        const event = this.read(message.data, message.subject);
        if (event) await withTrace(event.traceparent, `event ${type}`, () => handler(event));
      },
      ...(this.logger ? { logger: this.logger } : {}),
    });
  }

  /**
   * Events as they pass, to every subscriber, lossy: for what can be read anew, such as a cache or a screen.
   * @param pattern a type, or with wildcards: `deployment.endpoint.*`, `orchestrator.>`
   */
  onEvent(pattern: string, handler: (event: CloudEvent) => void | Promise<void>): { unsubscribe(): void } {
    return this.client.subscribe(this.client.subjects.event(pattern), (body) => handler(body as CloudEvent), {
      onError: (err, subject) => this.logger?.warn({ err, subject }, 'event handler failed'),
    });
  }

  private read(data: Uint8Array, subject: string): CloudEvent | undefined {
    try {
      return decodeJson(data) as CloudEvent;
    } catch (err) {
      this.logger?.error({ err, subject }, 'an event that is not JSON was dropped');
      return undefined;
    }
  }
}
