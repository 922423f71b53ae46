import type { DataSource, EntityManager } from 'typeorm';
import type { OutboxMessage } from './outbox-message.js';

interface Row {
  id: number | string;
  subject: string;
  message_id: string;
  payload: string;
  headers: string;
  created_at: number | string;
}

/** The rows of the outbox, as the relay sees them. */
export class OutboxTable {
  private readonly postgres: boolean;

  constructor(private readonly dataSource: DataSource) {
    this.postgres = dataSource.options.type === 'postgres';
  }

  /**
   * Hands the oldest messages, without those of `skip`ped subjects, to `publish`, and removes those whose ids it
   * returns. On PostgreSQL the rows are locked meanwhile, and rows that another replica has locked are left to it.
   * @returns how many messages were handed over
   */
  async take(
    skip: string[],
    limit: number,
    publish: (messages: OutboxMessage[]) => Promise<number[]>,
  ): Promise<number> {
    if (this.postgres) {
      return this.dataSource.transaction(async (em) => {
        const messages = await select(em, skip, limit, 'FOR UPDATE SKIP LOCKED');
        if (messages.length > 0) await remove(em, await publish(messages));
        return messages.length;
      });
    }
    const messages = await this.read((em) => select(em, skip, limit, ''));
    if (messages.length > 0) await remove(this.dataSource.manager, await publish(messages));
    return messages.length;
  }

  /** @param subject without, of all subjects */
  async count(subject?: string): Promise<number> {
    const rows = (await this.read((em) =>
      subject === undefined
        ? em.sql`SELECT count(*) AS pending FROM outbox`
        : em.sql`SELECT count(*) AS pending FROM outbox WHERE subject = ${subject}`,
    )) as { pending: number | string }[];
    return Number(rows[0]?.pending);
  }

  /** Beside transactions that are under way; on PostgreSQL, with a connection that goes back to the pool. */
  private async read<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
    const reader = this.dataSource.createQueryRunner('slave');
    try {
      return await work(reader.manager);
    } finally {
      await reader.release();
    }
  }
}

const select = async (
  em: EntityManager,
  skip: string[],
  limit: number,
  lock: string,
): Promise<OutboxMessage[]> => {
  const rows = (
    skip.length === 0
      ? await em.sql`SELECT * FROM outbox ORDER BY id LIMIT ${limit} ${() => lock}`
      : await em.sql`SELECT * FROM outbox WHERE subject NOT IN (${() => skip}) ORDER BY id LIMIT ${limit} ${() => lock}`
  ) as Row[];
  return rows.map((row) => ({
    id: Number(row.id),
    subject: row.subject,
    messageId: row.message_id,
    payload: row.payload,
    headers: JSON.parse(row.headers) as Record<string, string>,
    createdAt: Number(row.created_at),
  }));
};

const remove = async (em: EntityManager, ids: number[]): Promise<void> => {
  if (ids.length > 0) await em.sql`DELETE FROM outbox WHERE id IN (${() => ids})`;
};
