import { DomainError, headerNames } from '@millrace/contracts';
import type { MessagingClient } from '../client/messaging-client.js';
import { decodeJson } from '../wire/json.js';
import { ensureStreams } from './ensure-streams.js';

export interface StoredMessage {
  subject: string;
  /** Deduplicates within two minutes. */
  messageId: string;
  payload: Uint8Array;
  headers?: Record<string, string>;
}

interface PublishReply {
  stream?: string;
  seq?: number;
  duplicate?: boolean;
  error?: { code: number; err_code?: number; description: string };
}

const timeoutMs = 5_000;
/** "maximum messages [per subject | …] exceeded" and "insufficient resources". */
const fullCodes = new Set([10077, 10023, 10047]);

/**
 * Publishes into JetStream and returns once it is stored. Streams that are missing, as after JetStream's directory was
 * lost, are made again. Nothing is kept while NATS is away: the caller has the message and tries again.
 * @throws DomainError `overloaded` when the stream is full, `unavailable` when it can't be reached, `payload_too_large`
 */
export const publishStored = async (
  client: MessagingClient,
  message: StoredMessage,
): Promise<{ duplicate: boolean }> => {
  try {
    return await publishOnce(client, message);
  } catch (error) {
    if (!isNobodyThere(error) || !client.connected) throw error;
    await remake(client);
    return await publishOnce(client, message);
  }
};

const publishOnce = async (
  client: MessagingClient,
  { subject, messageId, payload, headers }: StoredMessage,
): Promise<{ duplicate: boolean }> => {
  const reply = await client
    .requestRaw(subject, payload, { timeoutMs, headers: { ...headers, [headerNames.messageId]: messageId } })
    .catch((error: DomainError) => {
      // Late is no different from away: it is not known whether the message was stored, and the id makes asking again safe.
      if (error.code !== 'deadline_exceeded') throw error;
      throw new DomainError('unavailable', 'JetStream did not answer in time', { cause: error });
    });
  const { error, duplicate = false } = decodeJson(reply.data) as PublishReply;
  if (!error) return { duplicate };
  if (fullCodes.has(error.err_code ?? 0))
    throw new DomainError('overloaded', `${subject} is full: ${error.description}`);
  throw new DomainError('unavailable', `JetStream refused ${subject}: ${error.description}`);
};

const isNobodyThere = (error: unknown): boolean =>
  error instanceof DomainError && error.code === 'unavailable';

const remake = (client: MessagingClient): Promise<void> =>
  ensureStreams(client.nc, client.subjects.prefix).catch((cause: unknown) => {
    throw new DomainError('unavailable', 'JetStream is not available', { cause });
  });
