import { windowList, type CloudEvent, type PredictionWindow } from '@millrace/contracts';
import {
  connectNats,
  decodeJson,
  ensureStreams,
  EventBus,
  makeEvent,
  MessagingClient,
} from '@millrace/messaging';
import { ColumnSketch, QuantileSketch } from '@millrace/ml';
import { startService, type RunningService } from '@millrace/service';
import { startNats, temporaryDirectory, type TestDatabase } from '@millrace/testing';
import { monitoringService } from '../service.js';

const minute = Date.parse('2026-01-02T03:04:00Z');

/** A window of one request per value, begun so many seconds after 03:04. */
export const windowOf = (
  endpoint: string,
  values: number[],
  { seconds = 0, ...change }: Partial<PredictionWindow> & { seconds?: number } = {},
): CloudEvent<PredictionWindow> => {
  const mass = ColumnSketch.of('number');
  const island = ColumnSketch.of('string');
  const latency = new QuantileSketch();
  for (const value of values) {
    mass.add(value);
    island.add(`island ${value}`);
    latency.add(value);
  }
  const from = minute + seconds * 1000;
  return makeEvent('inference.window.closed', 'inference', {
    ...{ endpoint, model: 'penguins', version: 1, replica: 'r1', errors: 0 },
    from: new Date(from).toISOString(),
    to: new Date(from + 10_000).toISOString(),
    requests: values.length,
    rows: values.length,
    latency: latency.toJSON(),
    sketches: { mass: mass.toJSON(), island: island.toJSON() },
    ...change,
  });
};

/** The service as it runs, with as many replicas on one database as it allows. */
export const openBench = async (database: TestDatabase) => {
  const directory = await temporaryDirectory();
  const nats = await startNats();
  const nc = await connectNats({ url: nats.url, name: 'test' });
  await ensureStreams(nc, 'millrace.v1');
  const client = new MessagingClient(nc);
  const env = {
    NATS_URL: nats.url,
    DATA_DIR: directory.path,
    DATABASE_URL: await database.fresh(),
    LOG_LEVEL: 'silent',
    HEALTH_PORT: '-1',
  };
  const replicas: RunningService[] = [];
  for (let i = 0; i < (database.kind === 'postgres' ? 2 : 1); i++)
    replicas.push(await startService(monitoringService, { env }));
  const events = new EventBus(client);
  return {
    replicas,
    client,
    publish: (event: CloudEvent<PredictionWindow>) => events.publish<'inference.window.closed'>(event),
    list: async (endpoint: string, limit?: number) =>
      (await client.request(windowList, { endpoint, ...(limit === undefined ? {} : { limit }) })).items,
    /** Events that were handed over and may come again. */
    unacknowledged: async (): Promise<unknown> => {
      const reply = await client.requestRaw(
        '$JS.API.CONSUMER.INFO.MILLRACE_EVENTS.monitoring_inference_window_closed',
        Buffer.alloc(0),
      );
      const info = decodeJson(reply.data) as { num_ack_pending: number; num_pending: number };
      return info.num_ack_pending + info.num_pending;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(replicas.map((replica) => replica.stop()));
      await nc.close();
      await nats.stop();
      await directory[Symbol.asyncDispose]();
    },
  };
};
