import { forUpdate, Inbox, Transactions } from '@millrace/persistence';
import { Injectable } from '@nestjs/common';
import { LessThan } from 'typeorm';
import { mergeWindow, minuteOf } from './merge-window.js';
import type { ReadWindow } from './read-window.js';
import { Window } from './window.entity.js';

const consumer = 'windows';

/** Adds windows to their minutes; each event once. */
@Injectable()
export class WindowStore {
  constructor(
    private readonly transactions: Transactions,
    private readonly inbox: Inbox,
  ) {}

  async add(eventId: string, window: ReadWindow): Promise<void> {
    const { endpoint, model, version } = window;
    const key = { endpoint, model, version, startsAt: minuteOf(window.from) };
    await this.transactions.run(async (em) => {
      if (!(await this.inbox.once(em, consumer, eventId))) return;
      // The row is there before it is read, so that replicas that add to one minute wait for one another.
      await em.sql`
        INSERT INTO prediction_window (endpoint, model, version, starts_at, requests, rows, errors, latency, sketches)
        VALUES (${endpoint}, ${model}, ${version}, ${key.startsAt}, 0, 0, 0, 'null', '{}') ON CONFLICT DO NOTHING`;
      const minute = await em.findOneOrFail(Window, { where: key, ...forUpdate(em) });
      await em.update(Window, key, mergeWindow(minute.latency ? minute : undefined, window));
    });
  }

  /** @returns how many windows it removed */
  async removeBefore(at: number): Promise<number> {
    const { affected } = await this.transactions.run((em) => em.delete(Window, { startsAt: LessThan(at) }));
    return affected ?? 0;
  }
}
