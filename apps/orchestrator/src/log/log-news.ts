import { MessagingClient } from '@millrace/messaging';
import { Transactions } from '@millrace/persistence';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** Tells who follows a run's log that there is more. Lossy on purpose: they read it, and look again now and then. */
@Injectable()
export class LogNews {
  constructor(
    private readonly client: MessagingClient,
    private readonly transactions: Transactions,
  ) {}

  tellOnCommit(em: EntityManager, run: string): void {
    this.transactions.onCommit(em, () => this.client.publish(this.client.subjects.log(run), { run }));
  }
}
