import { readDataset, readModel } from '@millrace/artifacts';
import {
  Component,
  type ComponentResult,
  type PipelineComponent,
  type TaskContext,
} from '@millrace/component';
import {
  InvalidRequest,
  mediaTypes,
  type ArtifactRef,
  type ColumnSchema,
  type DatasetManifest,
  type ModelManifest,
} from '@millrace/contracts';
import { DataEngine, type NewColumn } from '@millrace/data';
import type { Table } from '@millrace/ml';
import { columnsToFeeds, loadVerified, type OnnxModel } from '@millrace/onnx';
import { Inject } from '@nestjs/common';
import { toDataError } from '../evaluate/to-data-error.js';
import { checkColumns } from './check-columns.js';
import { predictionColumns } from './prediction-columns.js';
import { ScoreJournal, type ScoredPart } from './score-journal.js';
import { SCORE_SETTINGS, type ScoreSettings } from './score-settings.js';
import { scoreParams, type ScoreParams } from './score.params.js';
import { slicesOf, type Slice } from './slices.js';

const version = '1.0.0';
/** Rows that run at once: larger batches of trees are slower, smaller ones of linear models. */
const batchRows = 1_024;

@Component({
  name: 'evaluation.score',
  version,
  description: 'Asks a model about every row of a dataset, and gives the dataset with its predictions.',
  inputs: { model: { type: 'model' }, dataset: { type: 'dataset' } },
  outputs: { dataset: { type: 'dataset' } },
  params: scoreParams,
  deterministic: true,
  timeoutMs: 4 * 3_600_000,
})
export class ScoreComponent implements PipelineComponent<ScoreParams> {
  constructor(
    private readonly data: DataEngine,
    @Inject(SCORE_SETTINGS) private readonly settings: ScoreSettings,
  ) {}

  async run(context: TaskContext<ScoreParams>): Promise<ComponentResult> {
    try {
      return await this.score(context);
    } catch (error) {
      throw toDataError(error);
    }
  }

  private async score(context: TaskContext<ScoreParams>): Promise<ComponentResult> {
    const { artifacts, params, signal } = context;
    const [modelRef, datasetRef] = [context.input('model'), context.input('dataset')];
    const manifest = await readModel(artifacts, modelRef);
    const dataset = await readDataset(artifacts, datasetRef);
    checkColumns(dataset.manifest, manifest, params.columns);
    const { sliceRows, directory } = this.settings;
    const lineage = { model: modelRef.digest, dataset: datasetRef.digest };
    const journal = new ScoreJournal(directory, { version, sliceRows, ...lineage, params: { ...params } });
    const slices = slicesOf(dataset.manifest, dataset.paths, sliceRows);
    const parts = await journal.read(
      artifacts,
      slices.map(({ rows }) => rows),
    );
    if (parts.length > 0)
      context.log('info', `going on behind ${parts.length} parts that were written before`);
    await using model = await loadVerified(await artifacts.get(manifest.onnx), manifest);
    for (const slice of slices.slice(parts.length)) {
      signal.throwIfAborted();
      parts.push(await this.scoreSlice(context, { model, manifest, dataset: dataset.manifest }, slice));
      await journal.write(parts);
      const done = parts.reduce((sum, { rows }) => sum + rows, 0);
      context.progress(done / dataset.manifest.rows, { message: `${done} of ${dataset.manifest.rows} rows` });
    }
    const scored = await artifacts.putJson(manifestOf(parts, lineage), {
      type: 'dataset',
      mediaType: mediaTypes.dataset,
    });
    await journal.remove();
    return { outputs: { dataset: scored }, metrics: { rows: dataset.manifest.rows } };
  }

  private async scoreSlice(
    { artifacts, params, signal }: TaskContext<ScoreParams>,
    { model, manifest, dataset }: { model: OnnxModel; manifest: ModelManifest; dataset: DatasetManifest },
    { path, from, rows }: Slice,
  ): Promise<ScoredPart> {
    await using file = await artifacts.temporary('.parquet');
    const keeps = params.columns ?? dataset.columns.map(({ name }) => name);
    const compute = async (table: Table): Promise<NewColumn[]> => {
      const columns = await predictColumns(model, table, manifest.classes, params.prefix ?? '', signal);
      const taken = columns.find(({ name }) => keeps.includes(name));
      if (!taken) return columns;
      const message = `the dataset has a column '${taken.name}' already: set a prefix, or leave the column out`;
      throw new InvalidRequest([{ field: 'params.prefix', message }]);
    };
    const reads = manifest.signature.inputs.map(({ name }) => name);
    const { columns } = await this.data.extendSlice(path, { from, rows, reads, keeps, compute }, file.path, {
      signal,
    });
    const artifact = await artifacts.putFile(file.path, { type: 'file', mediaType: mediaTypes.parquet });
    return { artifact, rows, columns };
  }
}

/** Batch by batch; between them other work gets its turn. */
const predictColumns = async (
  model: OnnxModel,
  table: Table,
  classes: ModelManifest['classes'],
  prefix: string,
  signal: AbortSignal,
): Promise<NewColumn[]> => {
  const batches: NewColumn[][] = [];
  for (let from = 0; from < table.rows; from += batchRows) {
    signal.throwIfAborted();
    const to = Math.min(table.rows, from + batchRows);
    const outputs = await model.run(columnsToFeeds(model.signature, table, from, to));
    batches.push(predictionColumns(outputs, to - from, classes, prefix));
  }
  return batches[0]!.map((first, i) => {
    const values = batches.flatMap((batch) => Array.from<unknown>(batch[i]!.values));
    return { ...first, values } as NewColumn;
  });
};

const manifestOf = (parts: readonly ScoredPart[], lineage: DatasetManifest['lineage']): DatasetManifest => ({
  kind: 'dataset',
  columns: parts[0]!.columns.map((column, i): ColumnSchema => ({
    ...column,
    nullable: parts.some(({ columns }) => columns[i]!.nullable === true),
  })),
  rows: parts.reduce((sum, { rows }) => sum + rows, 0),
  files: parts.map(({ artifact, rows }): { artifact: ArtifactRef; rows: number } => ({ artifact, rows })),
  lineage,
});
