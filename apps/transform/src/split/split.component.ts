import { readDataset, writeDataset, type ArtifactStore } from '@millrace/artifacts';
import {
  Component,
  type ComponentResult,
  type PipelineComponent,
  type TaskContext,
} from '@millrace/component';
import type { ArtifactRef, JsonValue } from '@millrace/contracts';
import { DataEngine, type SplitResult } from '@millrace/data';
import { inParams } from '../errors/in-params.js';
import { splitParams, type SplitParams } from './split.params.js';

@Component({
  name: 'transform.split',
  version: '1.0.0',
  description: 'Train and test: by time (rows of one time stay together), or by chance.',
  inputs: { dataset: { type: 'dataset' } },
  outputs: { train: { type: 'dataset' }, test: { type: 'dataset' } },
  params: splitParams,
  deterministic: true,
  timeoutMs: 600_000,
})
export class SplitComponent implements PipelineComponent<SplitParams> {
  constructor(private readonly data: DataEngine) {}

  async run(context: TaskContext<SplitParams>): Promise<ComponentResult> {
    const { artifacts, params, signal } = context;
    const dataset = context.input('dataset');
    const { paths } = await readDataset(artifacts, dataset);
    await using train = await artifacts.temporary('.parquet');
    await using test = await artifacts.temporary('.parquet');
    const result = await this.data
      .split(paths, params, { train: train.path, test: test.path }, { signal })
      .catch(inParams);
    context.log('info', told(params, result));
    const lineage = { component: 'transform.split', dataset: dataset.digest, ...lineageOf(params, result) };
    const outputs = {
      train: await write(artifacts, train.path, result.train, result, { ...lineage, part: 'train' }),
      test: await write(artifacts, test.path, result.test, result, { ...lineage, part: 'test' }),
    };
    return { outputs, metrics: { train: result.train, test: result.test } };
  }
}

const write = (
  artifacts: ArtifactStore,
  path: string,
  rows: number,
  { columns }: SplitResult,
  lineage: { [key: string]: JsonValue },
): Promise<ArtifactRef> => writeDataset(artifacts, [{ path, rows }], { columns, lineage });

const lineageOf = (params: SplitParams, { boundary }: SplitResult): { [key: string]: JsonValue } =>
  params.by === 'time'
    ? { by: 'time', column: params.column, testFraction: params.testFraction, boundary: boundary ?? null }
    : { by: 'random', seed: params.seed, testFraction: params.testFraction };

const told = (params: SplitParams, { train, test, boundary }: SplitResult): string =>
  params.by === 'time'
    ? `train: ${train} rows with ${params.column} before ${boundary}; test: ${test} rows from then on`
    : `train: ${train} rows, test: ${test} rows, by chance with seed ${params.seed}`;
