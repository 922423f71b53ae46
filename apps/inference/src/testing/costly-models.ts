import type { ArtifactStore } from '@millrace/artifacts';
import { mediaTypes, type ArtifactRef, type JsonValue, type ModelManifest } from '@millrace/contracts';
import { GraphBuilder, inspectModel } from '@millrace/onnx';

const put = async (
  store: ArtifactStore,
  bytes: Uint8Array,
  golden: ModelManifest['golden'],
): Promise<ArtifactRef> => {
  const { inputs, outputs } = inspectModel(bytes);
  const manifest: ModelManifest = {
    kind: 'model',
    onnx: await store.put(bytes, { type: 'file', mediaType: mediaTypes.onnx }),
    signature: { inputs, outputs },
    task: 'regression',
    estimator: { name: 'test', params: {} },
    features: [],
    golden,
    parity: { rows: 1, maxAbsoluteDifference: 0, tolerance: 1e-5 },
    metrics: {},
    lineage: {},
  };
  return store.putJson(manifest, { type: 'model' });
};

const goldenOf = (x: JsonValue, y: number): ModelManifest['golden'] => ({
  rows: [{ x }],
  outputs: { y: [[y]] },
  tolerance: 1e-3,
});

/** y = x, after so many products of a matrix of `side` × `side` with itself, for each row. */
export const putBusy = (store: ArtifactStore, products: number, side = 64): Promise<ArtifactRef> => {
  const graph = new GraphBuilder('busy');
  const x = graph.input('x', 'FP32', [null, 1]);
  const flat = graph.node('MatMul', [x, graph.floats(new Float32Array(side * side), [1, side * side])]);
  const first = graph.node('Reshape', [flat, graph.int64s([-1, side, side])]);
  let current = first;
  for (let i = 0; i < products; i++) current = graph.node('Tanh', [graph.node('MatMul', [current, first])]);
  const peak = graph.node('ReduceMax', [current], { attributes: { axes: [1, 2], keepdims: 0 } });
  graph.node('Add', [x, graph.node('Reshape', [peak, graph.int64s([-1, 1])])], { output: 'y' });
  graph.output('y', 'FP32', [null, 1]);
  return put(store, graph.finish({}), goldenOf(1, 1));
};

/** The largest of all rows, after products whose cost grows with the cube of their number. */
export const putTrap = (store: ArtifactStore, products = 4): Promise<ArtifactRef> => {
  const graph = new GraphBuilder('trap');
  const x = graph.input('x', 'FP32', [null, 1]);
  const all = graph.node('MatMul', [graph.node('Sub', [x, x]), graph.node('Transpose', [x])]);
  let current = all;
  for (let i = 0; i < products; i++) current = graph.node('MatMul', [current, all]);
  const nothing = graph.node('ReduceMax', [current], { attributes: { axes: [0, 1], keepdims: 1 } });
  const largest = graph.node('ReduceMax', [x], { attributes: { axes: [0, 1], keepdims: 1 } });
  graph.node('Add', [largest, nothing], { output: 'y' });
  graph.output('y', 'FP32', [1, 1]);
  return put(store, graph.finish({}), goldenOf(1, 1));
};

/** Small as a file, and gigabytes when the runtime folds its constants. */
export const putBomb = (store: ArtifactStore): Promise<ArtifactRef> => {
  const graph = new GraphBuilder('bomb');
  const side = 60_000;
  const column = graph.floats(new Float32Array(side), [side, 1]);
  const row = graph.floats(new Float32Array(side), [1, side]);
  const all = graph.node('ReduceMax', [graph.node('MatMul', [column, row])], {
    attributes: { keepdims: 0 },
  });
  graph.node('Add', [graph.input('x', 'FP32', [null, 1]), all], { output: 'y' });
  graph.output('y', 'FP32', [null, 1]);
  return put(store, graph.finish({}), goldenOf(1, 1));
};
