import { join } from 'node:path';
import { openArtifactStore } from '@millrace/artifacts';
import { healthGetOf, type HealthView, type InferResponse, type RowsResponse } from '@millrace/contracts';
import { connectNats, MessagingClient } from '@millrace/messaging';
import { startService, type RunningService } from '@millrace/service';
import { eventually, startNats, temporaryDirectory } from '@millrace/testing';
import { inferenceService } from '../service.js';
import { FakeDeployment } from './fake-deployment.js';

type Body = object | string | Uint8Array;

const toBytes = (body: Body): Uint8Array =>
  body instanceof Uint8Array ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));

/** One nats-server, one deployment, one artifact store; replicas are started by the tests. */
export const openBench = async () => {
  const directory = await temporaryDirectory();
  const nats = await startNats();
  const nc = await connectNats({ url: nats.url, name: 'test' });
  const client = new MessagingClient(nc);
  const deployment = new FakeDeployment(client);
  await deployment.start();
  const running: RunningService[] = [];
  const env = {
    NATS_URL: nats.url,
    DATA_DIR: join(directory.path, 'data'),
    ARTIFACTS_URL: join(directory.path, 'artifacts'),
    LOG_LEVEL: 'silent',
    HEALTH_PORT: '-1',
    REPLICA_ID: 'r1',
  };
  const ask = async (subject: string, body: Body, headers: Record<string, string>): Promise<unknown> => {
    const reply = await client.requestRaw(subject, toBytes(body), { headers });
    return JSON.parse(Buffer.from(reply.data).toString());
  };
  const health = (): Promise<HealthView> => client.request(healthGetOf('inference'), {});
  return {
    ...{ nats, nc, client, deployment, directory, env, health },
    artifacts: openArtifactStore(env.ARTIFACTS_URL),
    start: async (more: Record<string, string> = {}): Promise<RunningService> => {
      const replica = await startService(inferenceService, { env: { ...env, ...more } });
      running.push(replica);
      return replica;
    },
    /** The one replica serves all that is wanted, or has failed to. */
    settled: (patience?: { timeoutMs: number }) =>
      eventually(async () => (await health()).status === 'ready', patience),
    /** So many replicas have reported each endpoint as ready. */
    settledEverywhere: (replicas: number) =>
      eventually(() => {
        const ready = deployment.reports.filter(({ state }) => state === 'ready');
        const wanted = deployment.names();
        return wanted.every(
          (name) => new Set(ready.flatMap((r) => (r.endpoint === name ? [r.replica] : []))).size === replicas,
        );
      }),
    /** What each running replica says to Prometheus. */
    metrics: () =>
      Promise.all(
        running.map(async ({ healthPort }) => (await fetch(`http://127.0.0.1:${healthPort}/metrics`)).text()),
      ),
    infer: (endpoint: string, body: Body, headers: Record<string, string> = {}) =>
      ask(client.subjects.infer(endpoint), body, headers) as Promise<InferResponse>,
    /** Bytes in, bytes out. */
    inferRaw: (endpoint: string, body: Uint8Array, headers: Record<string, string>) =>
      client.requestRaw(client.subjects.infer(endpoint), body, { headers }),
    rows: (endpoint: string, body: Body, headers: Record<string, string> = {}) =>
      ask(client.subjects.inferRows(endpoint), body, headers) as Promise<RowsResponse>,
    async [Symbol.asyncDispose]() {
      await Promise.all(running.map((replica) => replica.stop()));
      await deployment.stop();
      await nc.close();
      await nats.stop();
      await directory[Symbol.asyncDispose]();
    },
  };
};

export type Bench = Awaited<ReturnType<typeof openBench>>;

/** `x` as an Open Inference Protocol request to a line. */
export const line = (...x: unknown[]) => ({
  inputs: [{ name: 'x', datatype: 'FP32', shape: [x.length, 1], data: x }],
});
