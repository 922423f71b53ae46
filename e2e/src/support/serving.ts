import { join } from 'node:path';
import { openArtifactStore, type ArtifactStore } from '@millrace/artifacts';
import {
  endpointDeploy,
  endpointGet,
  healthGetOf,
  NotFound,
  type ArtifactRef,
  type DeployRequest,
  type EndpointView,
  type InferResponse,
  type ModelManifest,
} from '@millrace/contracts';
import { deploymentService } from '@millrace/deployment';
import { inferenceService } from '@millrace/inference';
import {
  connectNats,
  decodeJson,
  encodeJson,
  ensureStreams,
  MessagingClient,
  NatsStrategy,
} from '@millrace/messaging';
import { GraphBuilder, inspectModel } from '@millrace/onnx';
import { startService, type RunningService, type ServiceDefinition, type BaseEnv } from '@millrace/service';
import { eventually, startNats, temporaryDirectory } from '@millrace/testing';

/** Answers `value` for each x that is a whole number below `rows`; for others it fails. */
const putTable = async (store: ArtifactStore, value: number, rows: number): Promise<ArtifactRef> => {
  const graph = new GraphBuilder('table');
  const x = graph.input('x', 'FP32', [null, 1]);
  const row = graph.node('Cast', [x], { attributes: { to: 7 } });
  graph.node('Gather', [graph.floats(new Array<number>(rows).fill(value), [rows]), row], { output: 'y' });
  graph.output('y', 'FP32', [null, 1]);
  const bytes = graph.finish({});
  const manifest: ModelManifest = {
    kind: 'model',
    onnx: await store.put(bytes, { type: 'file' }),
    signature: inspectModel(bytes),
    task: 'regression',
    estimator: { name: 'test', params: {} },
    features: [],
    golden: { rows: [{ x: 1 }], outputs: { y: [[value]] }, tolerance: 0 },
    parity: { rows: 1, maxAbsoluteDifference: 0, tolerance: 0 },
    metrics: {},
    lineage: {},
  };
  return store.putJson(manifest, { type: 'model' });
};

/** Deployment and two replicas of inference, as they run, and a registry that knows what the test has put there. */
export const startServing = async () => {
  const directory = await temporaryDirectory('millrace-e2e-');
  const nats = await startNats();
  const nc = await connectNats({ url: nats.url, name: 'test' });
  await ensureStreams(nc, 'millrace.v1');
  const client = new MessagingClient(nc);
  const store = openArtifactStore(join(directory.path, 'artifacts'));
  const versions = new Map<number, ArtifactRef>();
  const registry = new NatsStrategy({ client, service: { name: 'registry', version: '0.0.0' } });
  registry.addRaw('version-get', client.subjects.operation('registry', 'version.get'), (data) => {
    const { name, version } = decodeJson(data) as { name: string; version: number };
    const model = versions.get(version);
    if (!model) throw new NotFound('model', `${name} version ${version}`);
    return { data: encodeJson({ name, version, model, signature: { inputs: [], outputs: [] } }) };
  });
  await new Promise<unknown>((resolve) => registry.listen(resolve));

  const common = {
    NATS_URL: nats.url,
    ARTIFACTS_URL: join(directory.path, 'artifacts'),
    LOG_LEVEL: 'silent',
    HEALTH_PORT: '-1',
  };
  const running = new Set<RunningService>();
  const begin = async <E extends BaseEnv>(service: ServiceDefinition<E>, env: Record<string, string>) => {
    const started = await startService(service, { env: { ...common, ...env } });
    running.add(started);
    return {
      stop: async (): Promise<void> => {
        running.delete(started);
        await started.stop();
      },
    };
  };
  const startDeployment = () =>
    begin(deploymentService, { DATA_DIR: join(directory.path, 'deployment'), REPLICA_SILENCE_MS: '1000' });
  const startReplica = (id: string) =>
    begin(inferenceService, { DATA_DIR: join(directory.path, id), REPLICA_ID: id, WINDOW_MS: '100' });

  const endpoint = 'table';
  const get = (): Promise<EndpointView> => client.request(endpointGet, { endpoint });
  return {
    ...{ client, store, versions, endpoint, startDeployment, startReplica, get },
    put: async (version: number, rows = 1_000): Promise<void> =>
      void versions.set(version, await putTable(store, version, rows)),
    deploy: (version: number, more: Partial<DeployRequest> = {}): Promise<EndpointView> =>
      client.request(endpointDeploy, { endpoint, model: 'table', version, ...more }),
    until: (holds: (view: EndpointView) => boolean): Promise<EndpointView> =>
      eventually(
        async () => {
          const view = await get();
          if (!holds(view)) throw new Error(`is ${JSON.stringify(view)}`);
          return view;
        },
        { timeoutMs: 30_000 },
      ),
    ready: () =>
      eventually(async () => (await client.request(healthGetOf('inference'), {})).status === 'ready'),
    infer: async (x: number): Promise<number> => {
      const body = { inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 1], data: [x] }] };
      const reply = await client.requestRaw(client.subjects.infer(endpoint), encodeJson(body));
      return (decodeJson(reply.data) as InferResponse).outputs[0]!.data![0] as number;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...running].map((service) => service.stop()));
      await registry.close();
      await nc.close();
      await nats.stop();
      await directory[Symbol.asyncDispose]();
    },
  };
};

export type Serving = Awaited<ReturnType<typeof startServing>>;
