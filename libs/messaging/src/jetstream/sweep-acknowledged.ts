import { jetstreamManager, type Consumer } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

export interface QueueOfOne {
  stream: string;
  /** The subject that only this consumer reads. */
  filter: string;
  consumer: Consumer;
}

/**
 * Removes from a work queue what its consumer has acknowledged. Servers before 2.10 may bring such messages back when
 * they are killed: the stream has them again, the consumer is past them, and nobody would ever be given them.
 * @returns how many there were; `undefined` when there is still something to do, so that it can not be told yet
 */
export const sweepAcknowledged = async (
  nc: NatsConnection,
  { stream, filter, consumer }: QueueOfOne,
): Promise<number | undefined> => {
  const { num_pending: waiting, num_ack_pending: out, delivered } = await consumer.info();
  if (waiting > 0 || out > 0) return undefined;
  // All that was delivered is acknowledged. The server's own mark of that (`ack_floor`) may stay behind for ever: it waits
  // for acknowledgements that it had before it was killed.
  if (delivered.stream_seq === 0) return 0;
  const { streams } = await jetstreamManager(nc, { checkAPI: false });
  return (await streams.purge(stream, { filter, seq: delivered.stream_seq + 1 })).purged;
};
