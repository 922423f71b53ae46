import { openArtifactStore, type ArtifactStore } from '@millrace/artifacts';
import {
  mediaTypes,
  type ArtifactRef,
  type EndpointView,
  type JsonValue,
  type ModelManifest,
} from '@millrace/contracts';
import { eventually } from '@millrace/testing';
import { suiteModels, type SuiteModel } from './models.js';
import { onnxFile, type Port } from './onnx-file.js';

const specOf = ({ name, datatype, width }: Port) => ({ name, datatype, shape: [-1, width] });

const put = async (store: ArtifactStore, model: SuiteModel): Promise<ArtifactRef> => {
  const { example } = model;
  const manifest: ModelManifest = {
    kind: 'model',
    onnx: await store.put(onnxFile(model.name, model), { type: 'file', mediaType: mediaTypes.onnx }),
    signature: { inputs: model.inputs.map(specOf), outputs: model.outputs.map(specOf) },
    task: 'regression',
    estimator: { name: 'conformance', params: {} },
    features: [],
    golden: {
      rows: [example.inputs as Record<string, JsonValue>],
      outputs: Object.fromEntries(
        Object.entries(example.outputs).map(([name, row]) => [name, [[row].flat()]]),
      ) as Record<string, JsonValue[]>,
      tolerance: 0,
    },
    parity: { rows: 1, maxAbsoluteDifference: 0, tolerance: 0 },
    metrics: {},
    lineage: {},
  };
  return store.putJson(manifest, { type: 'model' });
};

const send = async (url: string, method: string, body?: unknown): Promise<unknown> => {
  const response = await fetch(url, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
  });
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
  return response.json();
};

/**
 * Registers and deploys every model on a Millrace, and waits until all are served.
 * @param url of its gateway
 * @param artifacts its ARTIFACTS_URL
 */
export const installModels = async (url: string, artifacts: string): Promise<void> => {
  const store = openArtifactStore(artifacts);
  for (const model of suiteModels) {
    const artifact = await put(store, model);
    const { version } = (await send(`${url}/v1/models/${model.name}/versions`, 'POST', {
      model: artifact,
      idempotencyKey: `conformance ${model.name} ${artifact.digest}`,
    })) as { version: number };
    await send(`${url}/v1/deployments/${model.name}`, 'PUT', { model: model.name, version });
  }
  await eventually(
    async () => {
      const { items } = (await send(`${url}/v1/deployments`, 'GET')) as { items: EndpointView[] };
      const ready = new Set(items.filter(({ status }) => status === 'ready').map(({ endpoint }) => endpoint));
      return suiteModels.every(({ name }) => ready.has(name));
    },
    { timeoutMs: 30_000, what: 'all models of the suite to be served' },
  );
};
