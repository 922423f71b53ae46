import { join } from 'node:path';
import { openArtifactStore } from '@millrace/artifacts';
import type { CloudEvent } from '@millrace/contracts';
import { connectNats, ensureStreams, MessagingClient } from '@millrace/messaging';
import { startService, type RunningService } from '@millrace/service';
import { startNats, temporaryDirectory, type TestDatabase } from '@millrace/testing';
import { registryService } from '../service.js';

/** The service as it runs: on a nats-server, with as many replicas on one database as it allows. */
export const openBench = async (database: TestDatabase) => {
  const directory = await temporaryDirectory();
  const nats = await startNats();
  const nc = await connectNats({ url: nats.url, name: 'test' });
  await ensureStreams(nc, 'millrace.v1');
  const client = new MessagingClient(nc);
  const events: CloudEvent<{ name: string; version: number }>[] = [];
  client.subscribe(
    client.subjects.event('registry.>'),
    (body) => void events.push(body as (typeof events)[number]),
  );
  const env = {
    NATS_URL: nats.url,
    DATA_DIR: directory.path,
    DATABASE_URL: await database.fresh(),
    ARTIFACTS_URL: join(directory.path, 'artifacts'),
    LOG_LEVEL: 'silent',
    HEALTH_PORT: '-1',
  };
  const replicas: RunningService[] = [];
  for (let i = 0; i < (database.kind === 'postgres' ? 2 : 1); i++)
    replicas.push(await startService(registryService, { env }));
  return {
    client,
    events,
    replicas,
    artifacts: openArtifactStore(env.ARTIFACTS_URL),
    async [Symbol.asyncDispose]() {
      await Promise.all(replicas.map((replica) => replica.stop()));
      await nc.close();
      await nats.stop();
      await directory[Symbol.asyncDispose]();
    },
  };
};
