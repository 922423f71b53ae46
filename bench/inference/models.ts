import type { ArtifactStore } from '@millrace/artifacts';
import { mediaTypes, type ArtifactRef, type JsonValue } from '@millrace/contracts';
import { random } from '@millrace/ml';
import { GraphBuilder, loadModel, type OnnxModel } from '@millrace/onnx';

export const features = 30;

/** A model as its ONNX file: what the replica serves under that name, and what the peers load. */
export interface BenchModel {
  name: string;
  what: string;
  bytes: Uint8Array;
}

/** Numbers of a normal distribution, always the same. */
const normal = (seed: number): (() => number) => {
  const { next } = random(seed);
  return () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
};

const weights = (draw: () => number, rows: number, columns: number): Float32Array =>
  Float32Array.from({ length: rows * columns }, () => draw() * Math.sqrt(2 / rows));

const dense = (graph: GraphBuilder, x: string, from: number, to: number, draw: () => number): string =>
  graph.node('Gemm', [
    x,
    graph.floats(weights(draw, from, to), [from, to]),
    graph.floats(new Float32Array(to), [to]),
  ]);

const probabilities = (graph: GraphBuilder, x: string): void => {
  graph.node('Softmax', [x], { attributes: { axis: 1 }, output: 'probabilities' });
  graph.output('probabilities', 'FP32', [null, 2]);
};

/** Model A: dense layers 30 → 128 → 128 → 2. */
export const mlp = (seed = 1): BenchModel => {
  const draw = normal(seed);
  const graph = new GraphBuilder('mlp');
  let x = graph.input('x', 'FP32', [null, features]);
  x = graph.node('Relu', [dense(graph, x, features, 128, draw)]);
  x = graph.node('Relu', [dense(graph, x, 128, 128, draw)]);
  probabilities(graph, dense(graph, x, 128, 2, draw));
  return { name: 'mlp', what: 'MLP 30-128-128-2', bytes: graph.finish({}) };
};

/**
 * Work without memory: `steps` products of 128 × 128 matrices that are made from the row itself, so that time grows with steps
 * and rows, no cache is missed, and a batch saves nothing. Few large steps: the runtime takes long to load thousands.
 */
export const busy = (name: string, steps: number, seed = 3): BenchModel => {
  const side = 128;
  const draw = normal(seed);
  const graph = new GraphBuilder(name);
  const x = graph.input('x', 'FP32', [null, features]);
  const flat = dense(graph, x, features, side * side, () => draw() / 8);
  const first = graph.node('Reshape', [flat, graph.int64s([-1, side, side])]);
  let current = first;
  for (let i = 0; i < steps; i++) current = graph.node('Tanh', [graph.node('MatMul', [current, first])]);
  const last = graph.node('Reshape', [current, graph.int64s([-1, side * side])]);
  probabilities(graph, dense(graph, last, side * side, 2, draw));
  return { name, what: `${steps} products of 128 × 128 matrices per row`, bytes: graph.finish({}) };
};

/** A busy model that takes so long for one row on this machine. */
export const busyFor = async (name: string, ms: number): Promise<BenchModel> => {
  const sample = 50;
  await using model = await loadModel(busy(name, sample).bytes);
  const times: number[] = [];
  for (let i = 0; i < 9; i++) {
    const began = performance.now();
    await runRow(model);
    times.push(performance.now() - began);
  }
  const each = times.toSorted((a, b) => a - b)[4]! / sample;
  const steps = Math.max(1, Math.round(ms / each));
  return { ...busy(name, steps), what: `${ms} ms of 128 × 128 matrix products per row` };
};

/** One row of features, as a client would have it: six digits. */
export const sampleRow = (seed = 11): number[] => {
  const draw = normal(seed);
  return Array.from({ length: features }, () => Number(draw().toFixed(6)));
};

const runRow = (model: OnnxModel): ReturnType<OnnxModel['run']> =>
  model.run({ x: { type: 'FP32', dims: [1, features], data: Float32Array.from(sampleRow()) } });

/** What ONNX Runtime itself says for `sampleRow()`: the last output, which holds the probabilities. */
export const expectedProbabilities = async ({ bytes }: BenchModel): Promise<number[]> => {
  await using model = await loadModel(bytes);
  return [...((await runRow(model))['probabilities']!.data as Float32Array)];
};

/** Stores it as a model of the registry: with a signature, and a golden sample from the runtime. */
export const putModel = async (store: ArtifactStore, { name, bytes }: BenchModel): Promise<ArtifactRef> => {
  await using model = await loadModel(bytes);
  const outputs = Object.entries(await runRow(model)).map(([output, { data, dims }]) => {
    const row: JsonValue = Array.from(data as ArrayLike<number | bigint>, Number);
    return [output, dims.length === 1 ? row : [row]] as const;
  });
  const manifest = {
    kind: 'model',
    onnx: await store.put(bytes, { type: 'file', mediaType: mediaTypes.onnx }),
    signature: model.signature,
    task: 'binary',
    classes: [0, 1],
    estimator: { name, params: {} },
    features: [],
    golden: { rows: [{ x: sampleRow() }], outputs: Object.fromEntries(outputs), tolerance: 1e-4 },
    parity: { rows: 1, maxAbsoluteDifference: 0, tolerance: 1e-4 },
    metrics: {},
    lineage: {},
  };
  return store.putJson(manifest, { type: 'model' });
};
