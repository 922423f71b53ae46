import type { ErrorBody } from '@millrace/contracts';
import { makeEvent, MessagingClient } from '@millrace/messaging';
import { LOGGER, type Logger } from '@millrace/observability';
import { Outbox, Transactions } from '@millrace/persistence';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import type { TriggerMessage } from './trigger-message.js';
import { TriggerRow } from './trigger.entity.js';

interface Refused {
  trigger: TriggerRow;
  count: number;
  message: TriggerMessage;
  error: ErrorBody;
}

const everyMs = 1_000;
const type = 'orchestrator.trigger.refused';

/** Tells of messages that started no run: counted, and told once a second, so that a flood of them is no flood here. */
@Injectable()
export class Refusals implements OnModuleDestroy {
  #refused = new Map<string, Refused>();
  #timer: NodeJS.Timeout | undefined;
  #telling: Promise<void> = Promise.resolve();

  constructor(
    private readonly transactions: Transactions,
    private readonly outbox: Outbox,
    private readonly client: MessagingClient,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  add(trigger: TriggerRow, message: TriggerMessage, error: ErrorBody): void {
    const count = (this.#refused.get(trigger.id)?.count ?? 0) + 1;
    this.#refused.set(trigger.id, { trigger, count, message, error });
    this.#timer ??= setTimeout(() => (this.#telling = this.#tell()), everyMs);
  }

  async onModuleDestroy(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#telling;
    await this.#tell();
  }

  async #tell(): Promise<void> {
    this.#timer = undefined;
    const refused = this.#refused;
    this.#refused = new Map();
    for (const one of refused.values())
      await this.#write(one).catch((err: unknown) =>
        this.logger.warn({ err, trigger: one.trigger.id }, 'refused messages could not be written down'),
      );
  }

  async #write({ trigger: { id, pipeline }, count, message, error }: Refused): Promise<void> {
    const data = { pipeline, trigger: id, count, event: message.id, error };
    this.logger.warn(data, 'a trigger refused messages');
    await this.transactions.run(async (em) => {
      const change = { refused: () => `refused + ${count}`, error };
      await em.update(TriggerRow, { id }, change as QueryDeepPartialEntity<TriggerRow>);
      // Nobody is told that telling was refused: that would never end.
      if (message.type === type) return;
      const event = makeEvent(type, 'orchestrator', data, { subject: pipeline });
      const subject = this.client.subjects.event(type);
      await this.outbox.add(em, { subject, messageId: event.id, body: event });
    });
  }
}
