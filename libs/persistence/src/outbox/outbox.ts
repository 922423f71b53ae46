import { Injectable, Optional } from '@nestjs/common';
import { DomainError } from '@millrace/contracts';
import { currentTraceparent } from '@millrace/observability';
import type { EntityManager } from 'typeorm';
import { Transactions } from '../transactions/transactions.js';
import { OutboxRelay } from './outbox-relay.js';

/** Below NATS's default `max_payload` of 1 MiB, with room for headers: what is larger could never be published. */
export const maxMessageBytes = 1_000_000;

/** Messages that a change of state causes: committed with it, published after it, at least once. */
@Injectable()
export class Outbox {
  constructor(
    private readonly transactions: Transactions,
    @Optional() private readonly relay?: OutboxRelay,
  ) {}

  /**
   * In the caller's transaction. `messageId` is what receivers (and JetStream) recognise a repetition by. The current
   * trace goes along as `traceparent`.
   * @throws `payload_too_large`, so that the whole transaction fails instead of the message later
   */
  async add(
    em: EntityManager,
    m: { subject: string; messageId: string; body: unknown; headers?: Record<string, string> },
  ): Promise<void> {
    const payload = JSON.stringify(m.body);
    const bytes = Buffer.byteLength(payload);
    if (bytes > maxMessageBytes) {
      throw new DomainError(
        'payload_too_large',
        `a message on ${m.subject} has ${bytes} bytes, more than ${maxMessageBytes}: send a reference to an artifact`,
        { details: { bytes, maxBytes: maxMessageBytes } },
      );
    }
    const traceparent = currentTraceparent();
    const headers = JSON.stringify({ ...(traceparent ? { traceparent } : {}), ...m.headers });
    await em.sql`
      INSERT INTO outbox (subject, message_id, payload, headers, created_at)
      VALUES (${m.subject}, ${m.messageId}, ${payload}, ${headers}, ${Date.now()})`;
    if (this.relay) this.transactions.onCommit(em, this.relay.wake);
  }

  /** How many messages on a subject are committed and not yet published. */
  async waiting(subject: string): Promise<number> {
    return (await this.relay?.waiting(subject)) ?? 0;
  }
}
