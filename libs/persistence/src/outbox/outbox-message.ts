/** A message on its way out, as its row has it. */
export interface OutboxMessage {
  id: number;
  subject: string;
  messageId: string;
  payload: string;
  headers: Record<string, string>;
  createdAt: number;
}

/** Resolves when the other side has acknowledged; rejects when it is not known to have it. */
export type OutboxPublisher = (message: {
  subject: string;
  messageId: string;
  payload: Uint8Array;
  headers: Record<string, string>;
}) => Promise<void>;

/** Injection token of the OutboxPublisher. */
export const OUTBOX_PUBLISHER = Symbol.for('millrace.outbox-publisher');
