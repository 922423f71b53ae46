import { setTimeout as wait } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';

/** Sends what was published and then closes; a server that is away is not waited for. */
export const closeNats = async (nc: NatsConnection): Promise<void> => {
  if (nc.isClosed()) return;
  await Promise.race([nc.flush().catch(() => undefined), wait(1_000, undefined, { ref: false })]);
  await nc.close();
};
