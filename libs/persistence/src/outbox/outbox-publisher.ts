/**
 * Where the outbox leads. A package export of its own, so that who provides it need not load the rest of persistence.
 */
export interface OutboxPublisher {
  /** Resolves when the other side has acknowledged; rejects when it is not known to have it. */
  (message: {
    subject: string;
    messageId: string;
    payload: Uint8Array;
    headers: Record<string, string>;
  }): Promise<void>;
  /** Calls back whenever the other side is there again after it was away. */
  onAvailable?(listener: () => void): void;
}

/** Injection token of the OutboxPublisher. */
export const OUTBOX_PUBLISHER = Symbol.for('millrace.outbox-publisher');
