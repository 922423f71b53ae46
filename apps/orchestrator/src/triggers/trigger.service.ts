import type { TriggerQuery, Triggers, TriggerView } from '@millrace/contracts';
import { MessagingClient } from '@millrace/messaging';
import { Transactions } from '@millrace/persistence';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { MoreThan, Repository } from 'typeorm';
import { Submissions } from '../pipelines/submissions.js';
import { keepTriggers } from './keep-triggers.js';
import { TriggerListener } from './trigger-listener.js';
import type { Source } from './trigger-sources.js';
import { TriggerRow } from './trigger.entity.js';

const defaultLimit = 100;

const viewOf = (row: TriggerRow, source: Source | undefined): TriggerView => {
  const { id: trigger, pipeline, event, subject, when, params, fired, refused } = row;
  return {
    ...{ trigger, pipeline, params, fired, refused },
    ...(event === null ? {} : { event }),
    ...(subject === null ? {} : { subject }),
    ...(when === null ? {} : { when }),
    ...(source ? { delivery: source.delivery } : {}),
    ...(row.lastRun === null ? {} : { lastRun: row.lastRun }),
    ...(row.lastFiredAt === null ? {} : { lastFiredAt: new Date(row.lastFiredAt).toISOString() }),
    ...(row.error === null ? {} : { error: row.error }),
  };
};

/** What may be asked of triggers. They follow what is submitted. */
@Injectable()
export class TriggerService {
  constructor(
    @InjectRepository(TriggerRow) private readonly triggers: Repository<TriggerRow>,
    private readonly listener: TriggerListener,
    submissions: Submissions,
    transactions: Transactions,
    { subjects: { prefix } }: MessagingClient,
  ) {
    const look = () => listener.look();
    submissions.listen(async (em, definition) => {
      await keepTriggers(em, definition, { now: Date.now(), prefix });
      transactions.onCommit(em, look);
    });
  }

  async list({ limit = defaultLimit, after = '', pipeline }: TriggerQuery): Promise<Triggers> {
    const found = await this.triggers.find({
      where: { id: MoreThan(after), ...(pipeline === undefined ? {} : { pipeline }) },
      order: { id: 'ASC' },
      take: limit + 1,
    });
    const page = found.slice(0, limit);
    const items = page.map((row) => viewOf(row, this.listener.sourceOf(row)));
    const last = page.at(-1);
    return found.length > limit && last ? { items, next: last.id } : { items };
  }
}
