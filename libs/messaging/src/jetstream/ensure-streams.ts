import { JetStreamApiError, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { streamConfigs, type PlainStreamConfig } from './stream-config.js';

const nameInUse = 10058;

/**
 * Creates the streams that are missing and brings those that differ to what this version wants. Safe to call from
 * any number of services at once, and again whenever JetStream was lost.
 */
export const ensureStreams = async (nc: NatsConnection, prefix: string): Promise<void> => {
  const manager = await jetstreamManager(nc, { checkAPI: false });
  for (const config of streamConfigs(prefix)) await ensureStream(manager, config);
};

const ensureStream = async (manager: JetStreamManager, config: PlainStreamConfig): Promise<void> => {
  try {
    await manager.streams.add({ ...config });
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || error.code !== nameInUse) throw error;
    // What an operator may have set (replicas, placement) stays: an update names only what is ours.
    await manager.streams.update(config.name, { ...config });
  }
};
