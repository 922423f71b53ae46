import { readFileSync } from 'node:fs';
import type { ArtifactStore } from '@millrace/artifacts';
import { mediaTypes, type ArtifactRef, type ModelManifest } from '@millrace/contracts';
import {
  featureMeans,
  fitLogisticRegression,
  fitPreprocessing,
  random,
  transformTable,
  type Table,
} from '@millrace/ml';
import {
  buildFusedModel,
  GraphBuilder,
  inspectModel,
  loadModel,
  tableToFeeds,
  type TensorType,
} from '@millrace/onnx';

const manifestOf = async (
  store: ArtifactStore,
  bytes: Uint8Array,
  rest: Pick<ModelManifest, 'task' | 'golden'> & Partial<ModelManifest>,
): Promise<ModelManifest> => {
  const { inputs, outputs } = inspectModel(bytes);
  return {
    kind: 'model',
    onnx: await store.put(bytes, { type: 'file', mediaType: mediaTypes.onnx }),
    signature: { inputs, outputs },
    estimator: { name: 'test', params: {} },
    features: [],
    parity: { rows: 1, maxAbsoluteDifference: 0, tolerance: 1e-5 },
    metrics: {},
    lineage: {},
    ...rest,
  };
};

const lineModel = (slope: number, mean?: number): Uint8Array =>
  buildFusedModel({
    ...(mean === undefined ? {} : { means: Float64Array.of(mean) }),
    fitted: {
      version: 1,
      columns: [
        {
          name: 'x',
          kind: 'number',
          parts: [{ encode: 'number', fill: 0, center: 0, factor: 1, part: null, offset: 0, width: 1 }],
        },
      ],
      features: ['x'],
    },
    estimator: { kind: 'linear', features: 1, coefficients: Float64Array.of(slope), intercept: 1 },
  });

/** prediction = slope · x + 1, with whatever is to be wrong with it. */
export const putLine = async (
  store: ArtifactStore,
  slope: number,
  change: (manifest: ModelManifest) => object = () => ({}),
): Promise<ArtifactRef> => {
  const bytes = lineModel(slope);
  const golden = { rows: [{ x: 1 }], outputs: { prediction: [[slope + 1]] }, tolerance: 1e-5 };
  const manifest = await manifestOf(store, bytes, { task: 'regression', golden });
  return store.putJson({ ...manifest, ...change(manifest) }, { type: 'model' });
};

/** y = x, any number of rows of one value. */
export const putIdentity = async (store: ArtifactStore, type: TensorType): Promise<ArtifactRef> => {
  const graph = new GraphBuilder('identity');
  graph.node('Identity', [graph.input('x', type, [null, 1])], { output: 'y' });
  graph.output('y', type, [null, 1]);
  const value = type === 'BYTES' ? 'a' : type === 'BOOL' ? true : 1;
  const golden = { rows: [{ x: value }], outputs: { y: [[type === 'BOOL' ? 1 : value]] }, tolerance: 0 };
  return store.putJson(await manifestOf(store, graph.finish({}), { task: 'regression', golden }), {
    type: 'model',
  });
};

export const species = ['Adelie', 'Chinstrap', 'Gentoo'];
const islands = ['Biscoe', 'Dream', 'Torgersen'];

/** Rows as the penguins of the example have them: four numbers, two texts, one time. */
export const penguin = {
  bill_length: 39.1,
  bill_depth: 18.7,
  flipper: 181,
  mass: 3750,
  island: 'Torgersen',
  sex: 'MALE',
  seen: '2007-11-11T00:00:00Z',
};

/** A classifier of three classes from seven raw columns, fitted to numbers that mean nothing. */
export const putPenguins = async (store: ArtifactStore): Promise<ArtifactRef> => {
  const { next, below } = random(7);
  const rows = 60;
  const numbers = (low: number, high: number) =>
    Float64Array.from({ length: rows }, () => low + (high - low) * next());
  const table: Table = {
    rows,
    columns: {
      bill_length: { kind: 'number', values: numbers(30, 60) },
      bill_depth: { kind: 'number', values: numbers(13, 22) },
      flipper: { kind: 'number', values: numbers(170, 230) },
      mass: { kind: 'number', values: numbers(2700, 6300) },
      island: { kind: 'string', values: Array.from({ length: rows }, () => islands[below(3)]!) },
      sex: { kind: 'string', values: Array.from({ length: rows }, () => ['MALE', 'FEMALE'][below(2)]!) },
      seen: { kind: 'timestamp', values: numbers(1.19e12, 1.26e12) },
    },
  };
  const fitted = fitPreprocessing(
    {
      columns: {
        ...Object.fromEntries(
          ['bill_length', 'bill_depth', 'flipper', 'mass'].map((name) => [
            name,
            [{ impute: 'mean' as const }, { scale: 'standard' as const }],
          ]),
        ),
        island: [{ oneHot: {} }],
        sex: [{ oneHot: {} }],
        seen: [{ dateParts: ['month'] }, { scale: 'standard' }],
      },
    },
    table,
  );
  const labels = Int32Array.from({ length: rows }, (_, i) => i % 3);
  const X = transformTable(fitted, table);
  const { model } = fitLogisticRegression(X, labels);
  const means = featureMeans(X);
  const bytes = buildFusedModel({ fitted, estimator: model, classes: species, means });
  await using loaded = await loadModel(bytes);
  const { probabilities, label } = await loaded.run(tableToFeeds(loaded.signature, [penguin]));
  const manifest = await manifestOf(store, bytes, {
    task: 'multiclass',
    classes: species,
    golden: {
      rows: [penguin],
      outputs: {
        label: [Number(label!.data[0])],
        probabilities: [[...(probabilities!.data as Float32Array)]],
      },
      tolerance: 1e-5,
    },
  });
  return store.putJson(manifest, { type: 'model' });
};

/** The same line, fitted to data with that mean. */
export const putExplainedLine = async (
  store: ArtifactStore,
  { slope, mean }: { slope: number; mean: number },
): Promise<ArtifactRef> => {
  const golden = { rows: [{ x: 1 }], outputs: { prediction: [[slope + 1]] }, tolerance: 1e-5 };
  const manifest = await manifestOf(store, lineModel(slope, mean), { task: 'regression', golden });
  return store.putJson(manifest, { type: 'model' });
};

/** Of libs/ml/reference/make-explanations.py. */
interface ReferenceTrees {
  nodes: Record<string, (number | string)[]>;
  leaves: { treeids: number[]; nodeids: number[]; ids: number[]; weights: number[] };
  /** null is missing. */
  rows: (number | null)[][];
  contributions: number[][][];
  raw: number[][];
}

/** A regression of LightGBM's behind a preparation that changes nothing, and what LightGBM says of it. */
export const putTrees = async (
  store: ArtifactStore,
): Promise<{ artifact: ArtifactRef; reference: ReferenceTrees }> => {
  const file = new URL('../../../../libs/ml/reference/explanations.reference.json', import.meta.url);
  const { regression: reference } = JSON.parse(readFileSync(file, 'utf8')) as { regression: ReferenceTrees };
  const { nodes, leaves, rows, raw } = reference;
  const floats = ['nodes_values', 'nodes_hitrates'];
  const attributes = Object.fromEntries(
    Object.entries(nodes).map(([name, values]) => [
      name,
      floats.includes(name) ? Float32Array.from(values as number[]) : (values as string[]),
    ]),
  );
  const graph = new GraphBuilder('trees');
  const prepared = graph.node('Mul', [graph.input('x', 'FP32', [null, 5]), graph.floats([1], [1])]);
  graph.node('TreeEnsembleRegressor', [prepared], {
    attributes: {
      ...attributes,
      target_treeids: leaves.treeids,
      target_nodeids: leaves.nodeids,
      target_ids: leaves.ids,
      target_weights: Float32Array.from(leaves.weights),
      n_targets: 1,
    },
    domain: 'ai.onnx.ml',
    output: 'prediction',
  });
  graph.output('prediction', 'FP32', [null, 1]);
  const known = rows.findIndex((row) => !row.includes(null));
  const golden = {
    rows: [{ x: rows[known]! }],
    outputs: { prediction: [raw[known]!] },
    tolerance: 1e-5,
  };
  const manifest = await manifestOf(store, graph.finish({}), { task: 'regression', golden });
  return { artifact: await store.putJson(manifest, { type: 'model' }), reference };
};
