import { join } from 'node:path';
import { openArtifactStore } from '@millrace/artifacts';
import { runComponent } from '@millrace/component';
import {
  endpointDeploy,
  endpointGet,
  NotFound,
  replicaReport,
  type ArtifactRef,
  type CloudEvent,
  type DeployRequest,
  type EndpointView,
  type ReplicaReport,
} from '@millrace/contracts';
import {
  connectNats,
  decodeJson,
  encodeJson,
  ensureStreams,
  MessagingClient,
  NatsStrategy,
} from '@millrace/messaging';
import { startService, type RunningService } from '@millrace/service';
import { eventually, startNats, temporaryDirectory, type TestDatabase } from '@millrace/testing';
import { DeployComponent } from '../deploy/deploy.component.js';
import { deploymentService } from '../service.js';
import { FakeReplica } from './fake-replica.js';

export const artifactOf = (version: number) => ({
  type: 'model' as const,
  digest: `sha256:${String(version).padStart(64, '0')}`,
  size: 1,
});

interface AskedVersion {
  name: string;
  version?: number;
  alias?: string;
}
type FindVersion = (asked: AskedVersion) => { version: number; model: ArtifactRef };

/** Versions 1 to 9 of every model. */
const anyModel: FindVersion = ({ name, version = 9 }) => {
  if (version > 9) throw new NotFound('model', `${name} version ${version}`);
  return { version, model: artifactOf(version) };
};

const startRegistry = async (client: MessagingClient, find: FindVersion): Promise<NatsStrategy> => {
  const registry = new NatsStrategy({ client, service: { name: 'registry', version: '0.0.0' } });
  registry.addRaw('version-get', client.subjects.operation('registry', 'version.get'), (data) => {
    const asked = decodeJson(data) as AskedVersion;
    const signature = { inputs: [{ name: 'island', datatype: 'BYTES', shape: [-1, 1] }], outputs: [] };
    return { data: encodeJson({ name: asked.name, ...find(asked), signature }) };
  });
  await new Promise<unknown>((resolve) => registry.listen(resolve));
  return registry;
};

/** The service as it runs, with a registry beside it. */
export const openBench = async (
  database: TestDatabase,
  settings: Record<string, string> = {},
  find = anyModel,
) => {
  const directory = await temporaryDirectory();
  const nats = await startNats();
  const nc = await connectNats({ url: nats.url, name: 'test' });
  await ensureStreams(nc, 'millrace.v1');
  const client = new MessagingClient(nc);
  const events: CloudEvent<EndpointView>[] = [];
  client.subscribe(
    client.subjects.event('deployment.>'),
    (body) => void events.push(body as (typeof events)[number]),
  );
  const registry = await startRegistry(client, find);
  const env = {
    NATS_URL: nats.url,
    DATA_DIR: directory.path,
    DATABASE_URL: await database.fresh(),
    ARTIFACTS_URL: join(directory.path, 'artifacts'),
    LOG_LEVEL: 'silent',
    HEALTH_PORT: '-1',
    ...settings,
  };
  const replicas: RunningService[] = [];
  const start = async (): Promise<void> => {
    for (let i = 0; i < (database.kind === 'postgres' ? 2 : 1); i++)
      replicas.push(await startService(deploymentService, { env }));
  };
  await start();
  const fakes: FakeReplica[] = [];
  return {
    client,
    events,
    /** Ends the service, and starts it again on the same database. */
    restart: async (): Promise<void> => {
      await Promise.all(replicas.splice(0).map((replica) => replica.stop()));
      await start();
    },
    replica: async (name: string): Promise<FakeReplica> => {
      const fake = new FakeReplica(client, name);
      fakes.push(fake);
      return fake.start();
    },
    /** The endpoint once this holds of it. */
    until: (endpoint: string, holds: (view: EndpointView) => boolean): Promise<EndpointView> =>
      eventually(async () => {
        const view = await client.request(endpointGet, { endpoint });
        if (!holds(view)) throw new Error(`is ${JSON.stringify(view)}`);
        return view;
      }),
    deploy: (endpoint: string, version: number, idempotencyKey?: string, more: Partial<DeployRequest> = {}) =>
      client.request(endpointDeploy, {
        ...more,
        endpoint,
        model: 'penguins',
        version,
        ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      }),
    artifactsUrl: env.ARTIFACTS_URL,
    deployGraph: (endpoint: string, graph: NonNullable<DeployRequest['graph']>, idempotencyKey?: string) =>
      client.request(endpointDeploy, {
        endpoint,
        graph,
        ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      }),
    get: (endpoint: string) => client.request(endpointGet, { endpoint }),
    report: (report: Omit<ReplicaReport, 'replica'> & { replica?: string }) =>
      client.request(replicaReport, { replica: 'r1', ...report }),
    /** The pipeline step, on one replica of the service. */
    step: (endpoint: string, version: number, idempotencyKey: string, signal?: AbortSignal) =>
      runComponent(replicas[0]!.app.get(DeployComponent, { strict: false }), {
        artifacts: openArtifactStore(env.ARTIFACTS_URL),
        params: { endpoint },
        inputs: { version: { name: 'penguins', version, artifact: { ...artifactOf(version) } } },
        task: { idempotencyKey },
        ...(signal ? { signal } : {}),
      }),
    async [Symbol.asyncDispose]() {
      fakes.forEach((fake) => fake.die());
      await Promise.all(replicas.map((replica) => replica.stop()));
      await registry.close();
      await nc.close();
      await nats.stop();
      await directory[Symbol.asyncDispose]();
    },
  };
};
