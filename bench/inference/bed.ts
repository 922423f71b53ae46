import { join, resolve } from 'node:path';
import { openArtifactStore, type ArtifactStore } from '@millrace/artifacts';
import { subjectsOf, type ArtifactRef } from '@millrace/contracts';
import { connectNats, ensureStreams, MessagingClient } from '@millrace/messaging';
import { eventually, freePort, startNats, temporaryDirectory, TestProcess } from '@millrace/testing';
import { FakeDeployment } from '../../apps/inference/src/testing/fake-deployment.js';
import { Closers } from './closers.js';
import { putModel, type BenchModel } from './models.js';

const root = resolve(import.meta.dirname, '../..');

export interface Replica {
  readonly id: string;
  readonly pid: number;
  /** As an operator would: SIGTERM, then the same again. Resolves when it serves all endpoints. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface Bed extends AsyncDisposable {
  readonly natsUrl: string;
  readonly natsPid: number;
  /** The caller's: nothing else is on its connection. */
  readonly client: MessagingClient;
  deploy(endpoint: string, model: BenchModel): Promise<void>;
  /** Anything else that replicas can load. */
  deployArtifact(endpoint: string, put: (store: ArtifactStore) => Promise<ArtifactRef>): Promise<void>;
  startReplica(env?: Record<string, string>): Promise<Replica>;
  startGateway(): Promise<{ port: number; pid: number }>;
  /** For everything that a bench starts beside: it ends before the rest. */
  readonly closers: Closers;
}

/** With `BENCH_CPU_PROF=<folder>` replicas and gateways leave a CPU profile there when they end. */
const profiled = (name: string): string[] => {
  const directory = process.env['BENCH_CPU_PROF'];
  return directory
    ? ['--cpu-prof', `--cpu-prof-dir=${directory}`, `--cpu-prof-name=${name}-${Date.now()}.cpuprofile`]
    : [];
};

const startService = (name: string, env: Record<string, string>): TestProcess =>
  TestProcess.start(process.execPath, [...profiled(name), join(root, `apps/${name}/dist/main.js`)], {
    env: { PATH: process.env['PATH'], LOG_LEVEL: 'warn', HEALTH_PORT: '-1', ...env },
  });

/** A nats-server, what stands in for deployment, and the built services as processes of their own. */
export const startBed = async (): Promise<Bed> => {
  const closers = new Closers();
  const directory = closers.use(await temporaryDirectory('millrace-bench-'));
  const nats = closers.use(await startNats());
  const connect = async (name: string): Promise<MessagingClient> => {
    const nc = await connectNats({ url: nats.url, name });
    const client = new MessagingClient(nc);
    closers.defer(async () => {
      client.close();
      await nc.close();
    });
    return client;
  };
  const back = await connect('bench-deployment');
  await ensureStreams(back.nc, subjectsOf().prefix);
  const deployment = new FakeDeployment(back);
  await deployment.start();
  closers.defer(() => deployment.stop());
  const artifacts = join(directory.path, 'artifacts');
  const store = openArtifactStore(artifacts);
  const shared = { NATS_URL: nats.url, ARTIFACTS_URL: artifacts };
  const wanted = new Map<string, number>();
  const replicas = new Set<string>();
  let versions = 0;

  /** Waits until that replica has said, after `from`, that it serves what is wanted of these endpoints. */
  const serves = (replica: string, from: number, endpoints: readonly string[]): Promise<unknown> =>
    eventually(
      () => {
        for (const endpoint of endpoints) {
          const revision = wanted.get(endpoint);
          const report = deployment.reports
            .slice(from)
            .findLast((r) => r.replica === replica && r.endpoint === endpoint && r.revision === revision);
          if (report?.state === 'failed') throw new Error(`${endpoint} failed: ${report.error}`);
          if (!report) return false;
        }
        return true;
      },
      { timeoutMs: 30_000, what: `replica ${replica} serving` },
    );

  const deployArtifact: Bed['deployArtifact'] = async (endpoint, put) => {
    const artifact = await put(store);
    const from = deployment.reports.length;
    wanted.set(endpoint, deployment.want(endpoint, ++versions, artifact));
    await Promise.all([...replicas].map((replica) => serves(replica, from, [endpoint])));
  };

  return {
    natsUrl: nats.url,
    natsPid: nats.pid,
    client: await connect('bench-client'),
    closers,
    deployArtifact,
    deploy: (endpoint, model) => deployArtifact(endpoint, (to) => putModel(to, model)),
    startReplica: async (env = {}) => {
      const id = `r${replicas.size + 1}`;
      const start = async (): Promise<TestProcess> => {
        const from = deployment.reports.length;
        const dataDir = join(directory.path, id);
        const started = startService('inference', { ...shared, DATA_DIR: dataDir, REPLICA_ID: id, ...env });
        await serves(id, from, [...wanted.keys()]).catch((error: unknown) => {
          throw new Error(`${String(error)}\n${started.printed}`);
        });
        replicas.add(id);
        return started;
      };
      let running = await start();
      closers.defer(() => running.kill());
      return {
        id,
        get pid() {
          return running.pid;
        },
        restart: async () => {
          await running.kill();
          running = await start();
        },
        stop: async () => {
          replicas.delete(id);
          await running.kill();
        },
      };
    },
    startGateway: async () => {
      const port = await freePort();
      const started = startService('gateway', {
        NATS_URL: nats.url,
        HTTP_PORT: String(port),
        GATEWAY_GRPC_PORT: '0',
      });
      closers.defer(() => started.kill());
      await eventually(async () => (await fetch(`http://127.0.0.1:${port}/v2/health/live`)).status === 200, {
        timeoutMs: 30_000,
        what: 'the gateway answering',
      });
      return { port, pid: started.pid };
    },
    [Symbol.asyncDispose]: () => closers[Symbol.asyncDispose](),
  };
};
