import { JetStreamApiError, jetstreamManager } from '@nats-io/jetstream';
import type { MessagingClient } from '../client/messaging-client.js';

const consumerNotFound = 10014;
const streamNotFound = 10059;
const isMissing = (error: unknown, code: number): boolean =>
  error instanceof JetStreamApiError && error.code === code;

/**
 * Messages that a consumer has to deliver or waits to see acknowledged. Asked of the consumer, not of the stream: a server
 * that was killed may have messages again that were acknowledged, and that it will give to nobody (servers before 2.10).
 * @param o.subject the messages on it are counted while there is no such consumer; without, none are
 */
export const countWaiting = async (
  { nc }: MessagingClient,
  { stream, durable, subject }: { stream: string; durable: string; subject?: string },
): Promise<number> => {
  const manager = await jetstreamManager(nc, { checkAPI: false });
  try {
    const { num_pending: waiting, num_ack_pending: out } = await manager.consumers.info(stream, durable);
    return waiting + out;
  } catch (error) {
    if (isMissing(error, streamNotFound)) return 0;
    if (!isMissing(error, consumerNotFound)) throw error;
  }
  // Nobody has ever asked for them.
  if (subject === undefined) return 0;
  const { state } = await manager.streams.info(stream, { subjects_filter: subject });
  return state.subjects?.[subject] ?? 0;
};

/** How far a stream has come, and how far its consumer has answered all of it. */
export interface Horizon {
  /** Sequence of the last message. */
  last: number;
  /** All messages up to this one are answered; infinite where none waits. */
  answered: number;
}

/** @throws where JetStream does not answer */
export const horizonOf = async (
  { nc }: MessagingClient,
  { stream, durable }: { stream: string; durable: string },
): Promise<Horizon> => {
  const manager = await jetstreamManager(nc, { checkAPI: false });
  try {
    const { state } = await manager.streams.info(stream);
    // Asked after the stream, so that what it knows to be answered is not older than what there is.
    const { num_pending, num_ack_pending, ack_floor } = await manager.consumers.info(stream, durable);
    const all = num_pending + num_ack_pending === 0;
    return { last: state.last_seq, answered: all ? Infinity : ack_floor.stream_seq };
  } catch (error) {
    if (isMissing(error, streamNotFound) || isMissing(error, consumerNotFound))
      return { last: 0, answered: Infinity };
    throw error;
  }
};
