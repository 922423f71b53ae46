import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openArtifactStore, readDataset, writeDataset } from '@millrace/artifacts';
import { runComponent, type RunComponentOptions } from '@millrace/component';
import type { ArtifactRef, ModelManifest } from '@millrace/contracts';
import { openData } from '@millrace/data';
import {
  autoPreprocessing,
  classShares,
  encodeClasses,
  encodeTarget,
  fitLinearRegression,
  fitLogisticRegression,
  fitPreprocessing,
  learnLabel,
  predict,
  predictProbabilities,
  selectColumn,
  selectRows,
  transformTable,
} from '@millrace/ml';
import { buildFusedModel, loadModel } from '@millrace/onnx';
import { temporaryDirectory } from '@millrace/testing';
import { EvaluateComponent } from '../evaluate/evaluate.component.js';
import { ScoreComponent } from '../score/score.component.js';

/** The component with datasets and models of its own making. */
export const openBench = async (store?: string) => {
  const directory = await temporaryDirectory();
  const artifacts = openArtifactStore(store ?? join(directory.path, 'artifacts'));
  const data = await openData({ tempDirectory: directory.path });
  const component = new EvaluateComponent(data, { maxRows: 6000 });
  const scoresDirectory = join(directory.path, 'scores');
  const scores = new ScoreComponent(data, { sliceRows: 100, directory: scoresDirectory });

  const dataset = async (lines: string[]) => {
    const csv = join(directory.path, `${crypto.randomUUID()}.csv`);
    await writeFile(csv, `${lines.join('\n')}\n`);
    await using file = await artifacts.temporary('.parquet');
    const { columns, rows } = await data.importFile(csv, { format: 'csv' }, file.path);
    return await writeDataset(artifacts, [{ path: file.path, rows }], { columns, lineage: {} });
  };

  /** As training makes it, of all columns but the label. */
  const model = async (train: ArtifactRef, name: string, change: Partial<ModelManifest> = {}) => {
    const { manifest, paths } = await readDataset(artifacts, train);
    const table = await data.readTable(paths);
    const raw = manifest.columns.filter((column) => column.name !== name);
    const fitted = fitPreprocessing(autoPreprocessing(raw), table);
    const X = transformTable(fitted, table);
    const column = selectColumn(table, name);
    const { task, classes } = learnLabel(name, column);
    const y = classes ? encodeClasses(name, column, classes) : encodeTarget(name, column);
    const estimator = classes ? fitLogisticRegression(X, y).model : fitLinearRegression(X, y).model;
    const onnx = buildFusedModel({ fitted, estimator, columns: raw });
    await using graph = await loadModel(onnx);
    const first = transformTable(fitted, selectRows(table, [0]));
    const outputs: ModelManifest['golden']['outputs'] =
      estimator.kind === 'linear'
        ? { prediction: [[...predict(estimator, first)]] }
        : { probabilities: [[...predictProbabilities(estimator, first)]] };
    const record = (await data.preview(paths, 1))[0] as Record<string, never>;
    const { [name]: _, ...row } = record;
    const content: ModelManifest = {
      kind: 'model',
      onnx: await artifacts.put(onnx, { type: 'file' }),
      signature: graph.signature,
      task,
      ...(classes ? { classes } : {}),
      label: { name, type: manifest.columns.find((of) => of.name === name)!.type },
      baseline: classes
        ? { probabilities: classShares(y, classes.length) }
        : { prediction: Array.from(y).reduce((sum, value) => sum + value / y.length, 0) },
      estimator: { name: estimator.kind, params: {} },
      features: fitted.features,
      golden: { rows: [row], outputs, tolerance: 1e-3 },
      parity: { rows: 0, maxAbsoluteDifference: 0, tolerance: 1e-5 },
      metrics: {},
      lineage: {},
      ...change,
    };
    return artifacts.putJson(content, { type: 'model' });
  };

  return {
    artifacts,
    dataset,
    model,
    evaluate: (inputs: Record<string, ArtifactRef>, o: Partial<RunComponentOptions> = {}) =>
      runComponent(component, { artifacts, inputs, ...o }),
    /** In slices of 100 rows. */
    score: (inputs: Record<string, ArtifactRef>, o: Partial<RunComponentOptions> = {}) =>
      runComponent(scores, { artifacts, inputs, ...o }),
    scoresDirectory,
    data,
    async [Symbol.asyncDispose]() {
      await data[Symbol.asyncDispose]();
      await directory[Symbol.asyncDispose]();
    },
  };
};

/** Two numbers, a category, and what follows from them with some noise. */
export const rowsOf = (label: 'late' | 'kind' | 'delay', rows: number, from = 0): string[] => {
  const lines = [`distance,hour,origin,${label}`];
  for (let i = from; i < from + rows; i++) {
    const [distance, hour, origin] = [100 + ((i * 7919) % 900), (i * 7) % 24, ['ATL', 'JFK', 'SFO'][i % 3]!];
    const delay = hour + (origin === 'JFK' ? 12 : 0) + ((i * 31) % 11) - 5;
    const value = {
      late: String(delay > 18),
      kind: delay < 10 ? 'early' : delay < 20 ? 'fine' : 'late',
      delay,
    };
    lines.push(`${distance},${hour},${origin},${value[label]}`);
  }
  return lines;
};
