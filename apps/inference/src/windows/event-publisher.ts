import { toDomainError, type CloudEvent, type EventMap, type EventType } from '@millrace/contracts';
import { EventBus } from '@millrace/messaging';
import { LOGGER, type Logger } from '@millrace/observability';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { InferenceEnv } from '../config/inference.env.js';
import { EventOutbox } from './event-outbox.js';

/** Of the time that a stop may take, what the last events get. */
const lastFlushShare = 0.2;

interface Channel {
  collect(): void;
  outbox: EventOutbox<CloudEvent>;
}

/** Collects events at regular times and publishes them; what can't be published waits, up to a bound. */
@Injectable()
export class EventPublisher implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly channels: Channel[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly events: EventBus,
    private readonly env: InferenceEnv,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * @param capacity events of this kind that wait at most; the oldest are dropped first
   * @param collect adds what there is to tell, when its time has come
   */
  channel<T extends EventType>(
    capacity: number,
    collect: () => void,
  ): { add(event: CloudEvent<EventMap[T]>): void } {
    const outbox = new EventOutbox<CloudEvent>((event) => this.send(event), capacity);
    const add = (event: CloudEvent): void => outbox.add(event);
    this.channels.push({ collect, outbox });
    return { add };
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.publish(), this.env.WINDOW_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    const limit = this.env.SHUTDOWN_TIMEOUT_MS * lastFlushShare;
    let patience: NodeJS.Timeout | undefined;
    const impatient = new Promise<void>((resolve) => (patience = setTimeout(resolve, limit)));
    await Promise.race([this.publish(), impatient]);
    clearTimeout(patience);
    const waiting = this.channels.reduce((sum, { outbox }) => sum + outbox.size, 0);
    if (waiting > 0) this.logger.warn({ events: waiting }, 'windows were not published');
  }

  async publish(): Promise<void> {
    for (const { collect } of this.channels) collect();
    await Promise.all(this.channels.map(({ outbox }) => this.flush(outbox)));
  }

  private async flush(outbox: EventOutbox<CloudEvent>): Promise<void> {
    const { dropped } = outbox;
    try {
      await outbox.flush();
    } catch (err) {
      this.logger.debug({ err, waiting: outbox.size, dropped }, 'windows wait to be published');
    }
  }

  /** What would be refused for ever must not hold up the others. */
  private async send(event: CloudEvent): Promise<void> {
    try {
      await this.events.publish(event as CloudEvent<never>);
    } catch (err) {
      if (toDomainError(err).retryable) throw err;
      this.logger.error({ err, type: event.type, subject: event.subject }, 'an event was dropped');
    }
  }
}
