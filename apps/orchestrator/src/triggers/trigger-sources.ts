import type { EventType, TriggerDelivery } from '@millrace/contracts';
import { EventBus, MessagingClient, type Consumption } from '@millrace/messaging';
import { LOGGER, type Logger } from '@millrace/observability';
import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { findStream, followStream, removeConsumer } from './foreign-stream.js';
import { TriggerFiring } from './trigger-firing.js';
import { ofEvent, ofMessage, type PlainMessage, type TriggerMessage } from './trigger-message.js';
import { TriggerRow } from './trigger.entity.js';

const durable = 'orchestrator-triggers';

export interface Source {
  delivery: TriggerDelivery;
  /** The stream that a subject's messages come from. */
  stream?: string;
  consumption: Consumption;
}

/** The roads on which messages come to triggers. */
@Injectable()
export class TriggerSources {
  constructor(
    @InjectRepository(TriggerRow) private readonly triggers: Repository<TriggerRow>,
    private readonly client: MessagingClient,
    private readonly events: EventBus,
    private readonly firing: TriggerFiring,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Of a Millrace event's type: one for all its triggers, shared by all replicas. */
  async ofEvent(type: string): Promise<Source> {
    const consumption = await this.events.subscribe(durable, [type as EventType], async (event) => {
      const message = ofEvent(event);
      // Read for each: a trigger that another replica took in a moment ago counts.
      for (const trigger of await this.triggers.findBy({ event: type }))
        await this.firing.fire(trigger, message);
    });
    return { delivery: 'durable', consumption };
  }

  findStream(subject: string): Promise<string | undefined> {
    return findStream(this.client, subject);
  }

  /** Of one trigger's subject, out of a stream. */
  ofStream(trigger: TriggerRow, stream: string, since: number): Source {
    const subject = trigger.subject ?? '';
    const name = this.#consumerOf(trigger.id);
    const o = { stream, durable: name, subject, since, logger: this.logger };
    const consumption = followStream(this.client, o, async ({ data, headers, info }) => {
      const position = `${stream}/${info.streamSequence}/${info.timestampNanos}`;
      const header = (key: string) => headers?.get(key) || undefined;
      const message = this.#read({ data, header, position }, subject);
      if (message) await this.firing.fire(trigger, message);
    });
    return { delivery: 'durable', stream, consumption };
  }

  /** Of one trigger's subject, as messages pass: one of the replicas gets each, and what fails is lost. */
  ofCore(trigger: TriggerRow): Source {
    const subject = trigger.subject ?? '';
    const fire = (message: TriggerMessage) =>
      this.firing
        .fire(trigger, message)
        .catch((err: unknown) =>
          this.logger.error({ err, trigger: trigger.id, subject }, 'a message that started no run is lost'),
        );
    const subscription = this.client.nc.subscribe(subject, {
      queue: `${durable}-${trigger.id}`,
      callback: (err, received) => {
        if (err) return this.logger.error({ err, subject }, 'a trigger cannot hear its subject');
        const header = (key: string) => received.headers?.get(key) || undefined;
        const message = this.#read({ data: received.data, header }, subject);
        if (message) void fire(message);
      },
    });
    return {
      delivery: 'core',
      consumption: { stop: () => Promise.resolve(subscription.unsubscribe()) },
    };
  }

  /** Nobody has this trigger any more: its stream need keep nothing for it. */
  async forget(id: string, { stream }: Source): Promise<void> {
    if (stream !== undefined) await removeConsumer(this.client, stream, this.#consumerOf(id));
  }

  #consumerOf(id: string): string {
    return `millrace_${this.client.subjects.prefix.replaceAll(/[^A-Za-z0-9]+/g, '_')}_${id}`;
  }

  #read(message: PlainMessage, subject: string): TriggerMessage | undefined {
    try {
      return ofMessage(message);
    } catch (err) {
      this.logger.warn({ err, subject }, 'a message that is no JSON sets off no trigger');
      return undefined;
    }
  }
}
