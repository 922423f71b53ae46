import { makeEvent, MessagingClient } from '@millrace/messaging';
import { forUpdate, Outbox, Transactions } from '@millrace/persistence';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DatasetImport } from './dataset-import.entity.js';
import { DatasetVersion } from './dataset-version.entity.js';
import { Dataset } from './dataset.entity.js';
import { toView } from './to-view.js';

export type NewVersion = Omit<DatasetVersion, 'version' | 'createdAt'>;

/** Adds to the catalogue; each addition is announced, once, with the transaction that makes it. */
@Injectable()
export class CatalogueService {
  constructor(
    private readonly transactions: Transactions,
    private readonly outbox: Outbox,
    private readonly client: MessagingClient,
  ) {}

  /** What an earlier attempt of the same step registered. */
  registered(idempotencyKey: string): Promise<DatasetVersion | null> {
    return this.transactions.run((em) => this.findRegistered(em, idempotencyKey));
  }

  /** The version with this content under this name: a new one unless it is there already, or the step was done before. */
  register(idempotencyKey: string, content: NewVersion): Promise<DatasetVersion> {
    return this.transactions.run(async (em) => {
      const earlier = await this.findRegistered(em, idempotencyKey);
      if (earlier) return earlier;
      const dataset = await this.lock(em, content.name);
      const version = await this.findOrAdd(em, dataset, content);
      await em.insert(DatasetImport, {
        idempotencyKey,
        name: version.name,
        version: version.version,
        createdAt: Date.now(),
      });
      return version;
    });
  }

  private async findRegistered(em: EntityManager, idempotencyKey: string): Promise<DatasetVersion | null> {
    const done = await em.findOneBy(DatasetImport, { idempotencyKey });
    return done && em.findOneByOrFail(DatasetVersion, { name: done.name, version: done.version });
  }

  private async lock(em: EntityManager, name: string): Promise<Dataset> {
    await em.sql`INSERT INTO dataset (name, latest) VALUES (${name}, 0) ON CONFLICT (name) DO NOTHING`;
    return em.findOneOrFail(Dataset, { where: { name }, ...forUpdate(em) });
  }

  private async findOrAdd(
    em: EntityManager,
    { name, latest }: Dataset,
    content: NewVersion,
  ): Promise<DatasetVersion> {
    const same = await em.findOneBy(DatasetVersion, { name, content: content.content });
    if (same) return same;
    const version = em.create(DatasetVersion, { ...content, version: latest + 1, createdAt: Date.now() });
    await em.insert(DatasetVersion, version);
    await em.update(Dataset, { name }, { latest: version.version });
    const event = makeEvent('ingestion.dataset.created', 'ingestion', toView(version), {
      id: `${name}/${version.version}`,
      subject: name,
    });
    const subject = this.client.subjects.event(event.type);
    await this.outbox.add(em, { subject, messageId: `${event.source}/${event.id}`, body: event });
    return version;
  }
}
