import 'reflect-metadata';
import { join } from 'node:path';
import { readDataset, readModel } from '@millrace/artifacts';
import { columnsToFeeds, loadModel } from '@millrace/onnx';
import { runComponent } from '@millrace/component';
import { temporaryDirectory } from '@millrace/testing';
import { ScoreComponent } from '../../../apps/evaluation/src/score/score.component.js';
import { defaultSliceRows } from '../../../apps/evaluation/src/score/score-settings.js';
import { openBench, rowsOf } from '../../../apps/evaluation/src/testing/bench.js';
import type { BenchRow } from '../../messaging.js';
import { median, medianRatio, row } from '../statistics.js';

const rows = 400_000;
const rounds = 5;
const bareMs = 1_000;

/** A dataset scored, read and written as Parquet, beside ONNX Runtime alone on rows that are in memory: one process each. */
export const scoring = async (): Promise<BenchRow[]> => {
  await using directory = await temporaryDirectory();
  await using bench = await openBench(join(directory.path, 'artifacts'));
  const { artifacts, data } = bench;
  const inputs = {
    model: await bench.model(await bench.dataset(rowsOf('late', 2_000)), 'late'),
    dataset: await bench.dataset(rowsOf('late', rows)),
  };
  let round = 0;
  const score = async (): Promise<number> => {
    // Each with a record of its own, so that none goes on behind another.
    const settings = { sliceRows: defaultSliceRows, directory: join(directory.path, `scores-${round++}`) };
    const began = performance.now();
    await runComponent(new ScoreComponent(data, settings), { artifacts, inputs });
    return (rows * 1_000) / (performance.now() - began);
  };
  const { onnx } = await readModel(artifacts, inputs.model);
  await using model = await loadModel(await artifacts.get(onnx));
  const table = await data.readTable((await readDataset(artifacts, inputs.dataset)).paths);
  const bare = async (batch: number): Promise<number> => {
    const feeds = columnsToFeeds(model.signature, table, 0, batch);
    const began = performance.now();
    let runs = 0;
    for (; performance.now() < began + bareMs; runs++) await model.runChecked(feeds);
    return (runs * batch * 1_000) / (performance.now() - began);
  };
  await score();
  await bare(64);
  const [scored, of64, of1024]: [number[], number[], number[]] = [[], [], []];
  for (let i = 0; i < rounds; i++) {
    scored.push(await score());
    of64.push(await bare(64));
    of1024.push(await bare(1_024));
  }
  const how = `logistic regression of 3 raw columns, one of them text; median of ${rounds} rounds in turn`;
  return [
    row('scoring: evaluation.score', median(scored), 'rows/s', `${rows} rows of Parquet to Parquet; ${how}`),
    row(
      'scoring: bare ONNX Runtime, 64 rows',
      median(of64),
      'rows/s',
      `the same rows again and again; ${how}`,
    ),
    row('scoring: bare ONNX Runtime, 1024 rows', median(of1024), 'rows/s', how),
    row('scoring: evaluation.score / bare at 64 rows', medianRatio(scored, of64), 'ratio', how),
  ];
};
