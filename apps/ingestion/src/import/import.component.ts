import { writeDataset } from '@millrace/artifacts';
import {
  Component,
  type ComponentResult,
  type PipelineComponent,
  type TaskContext,
} from '@millrace/component';
import type { DatasetManifest, JsonValue } from '@millrace/contracts';
import { DataEngine, type Written } from '@millrace/data';
import { CatalogueService } from '../datasets/catalogue.service.js';
import type { DatasetVersion } from '../datasets/dataset-version.entity.js';
import { inParams } from '../errors/in-params.js';
import { formatOf } from '../sources/source-format.js';
import { SourcesService } from '../sources/sources.service.js';
import { importParams, type ImportParams } from './import.params.js';

@Component({
  name: 'ingestion.import',
  version: '1.0.0',
  description: 'A CSV, JSON Lines, JSON or Parquet file becomes a version of a dataset.',
  inputs: {},
  outputs: { dataset: { type: 'dataset' } },
  params: importParams,
  // The file may be another one tomorrow.
  deterministic: false,
  timeoutMs: 600_000,
})
export class ImportComponent implements PipelineComponent<ImportParams> {
  constructor(
    private readonly sources: SourcesService,
    private readonly data: DataEngine,
    private readonly catalogue: CatalogueService,
  ) {}

  async run(context: TaskContext<ImportParams>): Promise<ComponentResult> {
    const earlier = await this.catalogue.registered(context.task.idempotencyKey);
    return resultOf(earlier ?? (await this.import(context)));
  }

  private async import(context: TaskContext<ImportParams>): Promise<DatasetVersion> {
    const { params, artifacts, signal, task } = context;
    const { name, source, sample, columns } = params;
    const path = await this.sources.resolve(source);
    const format = formatOf(source, params.format);
    context.progress(undefined, { message: `reading ${source}` });
    await using file = await artifacts.temporary('.parquet');
    const written = await this.data
      .importFile(path, { format, sample, columns, name: source, signal }, file.path)
      .catch(inParams);
    logCasts(context, written);
    const lineage: { [key: string]: JsonValue } = {
      source,
      format,
      ...(sample && { sample: { ...sample } }),
    };
    const artifact = await writeDataset(artifacts, [{ path: file.path, rows: written.rows }], {
      columns: written.columns,
      lineage,
    });
    const { files } = await artifacts.getJson<DatasetManifest>(artifact);
    const content = files.map((part) => part.artifact.digest).join(' ');
    return this.catalogue.register(task.idempotencyKey, {
      ...{ name, content, artifact, source: lineage },
      ...{ rows: written.rows, columns: written.columns },
    });
  }
}

const logCasts = (context: TaskContext<ImportParams>, { casts }: Written): void => {
  if (casts.length === 0) return;
  const listed = casts.slice(0, 20).map(({ column, from }) => `${column} (${from.slice(0, 60)})`);
  context.log('warn', `became text: ${listed.join(', ')}${casts.length > 20 ? ', …' : ''}`);
};

const resultOf = ({ artifact, rows, columns, version }: DatasetVersion): ComponentResult => ({
  outputs: { dataset: artifact },
  metrics: { rows, columns: columns.length, version },
});
