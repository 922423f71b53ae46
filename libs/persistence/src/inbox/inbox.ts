import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

/** Longer than any stream keeps a message (7 days). */
const keepMs = 8 * 24 * 60 * 60 * 1000;
const pruneBatch = 1_000;

/** Remembers which messages were handled, so that one that is delivered again changes nothing. */
@Injectable()
export class Inbox {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * In the transaction that handles the message. @returns false if `consumer` has handled this message before.
   * Whoever comes second while the first is still at it waits for the outcome.
   */
  async once(em: EntityManager, consumer: string, messageId: string): Promise<boolean> {
    const rows = (await em.sql`
      INSERT INTO inbox (consumer, message_id, seen_at) VALUES (${consumer}, ${messageId}, ${Date.now()})
      ON CONFLICT (consumer, message_id) DO NOTHING RETURNING 1 AS seen`) as unknown[];
    return rows.length > 0;
  }

  /** Forgets what cannot be delivered again, a thousand at a time. @returns how many */
  async prune(now = Date.now()): Promise<number> {
    for (let pruned = 0; ;) {
      const rows = (await this.dataSource.query(
        `DELETE FROM inbox WHERE (consumer, message_id) IN
           (SELECT consumer, message_id FROM inbox WHERE seen_at < ${now - keepMs} LIMIT ${pruneBatch})
         RETURNING 1 AS pruned`,
      )) as unknown[] | [unknown[], number];
      const count = Array.isArray(rows[0]) ? rows[0].length : rows.length;
      pruned += count;
      if (count < pruneBatch) return pruned;
    }
  }
}
