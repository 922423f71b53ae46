import { type ArtifactRef, type ModelManifest } from '@millrace/contracts';
import { temporaryDirectory, type TemporaryDirectory } from '@millrace/testing';
import type { ArtifactStore } from './artifact-store.js';
import { readModel } from './model-manifest.js';
import { openArtifactStore } from './open-artifact-store.js';

const manifest: ModelManifest = {
  kind: 'model',
  onnx: { type: 'file', digest: `sha256:${'0'.repeat(64)}`, size: 1 },
  signature: {
    inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 1] }],
    outputs: [{ name: 'y', datatype: 'FP32', shape: [-1, 1] }],
  },
  task: 'regression',
  estimator: { name: 'linear', params: {} },
  features: ['x'],
  golden: { rows: [{ x: 1 }], outputs: { y: [[1]] }, tolerance: 1e-5 },
  parity: { rows: 1, maxAbsoluteDifference: 0, tolerance: 1e-5 },
  metrics: {},
  lineage: {},
};

describe('readModel', () => {
  let directory: TemporaryDirectory;
  let store: ArtifactStore;
  beforeAll(async () => {
    directory = await temporaryDirectory();
    store = openArtifactStore(directory.path);
  });
  afterAll(() => directory[Symbol.asyncDispose]());
  const put = (value: object): Promise<ArtifactRef> => store.putJson(value, { type: 'model' });

  it('reads what describes a model', async () => {
    expect(await readModel(store, await put(manifest))).toEqual(manifest);
  });

  it.each<[string, object]>([
    ['another kind', { ...manifest, kind: 'dataset' }],
    ['no graph', { ...manifest, onnx: 'model.onnx' }],
    ['no signature', { ...manifest, signature: { inputs: [], outputs: [{ name: 'y' }] } }],
    [
      'a shape of words',
      {
        ...manifest,
        signature: { ...manifest.signature, inputs: [{ ...manifest.signature.inputs[0], shape: ['n'] }] },
      },
    ],
    ['no golden sample', { ...manifest, golden: null }],
    ['a list', [manifest]],
  ])('refuses %s', async (_, value) => {
    await expect(readModel(store, await put(value))).rejects.toMatchObject({ code: 'integrity' });
  });

  it('refuses a reference to something else', async () => {
    const ref = await store.putJson(manifest, { type: 'report' });
    await expect(readModel(store, ref)).rejects.toMatchObject({ code: 'invalid_request' });
  });
});
