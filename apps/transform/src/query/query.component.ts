import { readDataset, writeDataset } from '@millrace/artifacts';
import {
  Component,
  type ComponentResult,
  type PipelineComponent,
  type TaskContext,
} from '@millrace/component';
import { DataEngine } from '@millrace/data';
import { inParams } from '../errors/in-params.js';

interface QueryParams {
  sql: string;
}

@Component({
  name: 'transform.query',
  version: '1.0.0',
  description: 'One SELECT over the table `dataset`; its result is the new dataset.',
  inputs: { dataset: { type: 'dataset' } },
  outputs: { dataset: { type: 'dataset' } },
  params: {
    type: 'object',
    required: ['sql'],
    additionalProperties: false,
    properties: {
      sql: {
        type: 'string',
        minLength: 1,
        maxLength: 100_000,
        description: "DuckDB's SQL; the only table is `dataset`, and clocks and chance are refused.",
      },
    },
  },
  deterministic: true,
  timeoutMs: 600_000,
})
export class QueryComponent implements PipelineComponent<QueryParams> {
  constructor(private readonly data: DataEngine) {}

  async run(context: TaskContext<QueryParams>): Promise<ComponentResult> {
    const { artifacts, params, signal } = context;
    const dataset = context.input('dataset');
    const { paths } = await readDataset(artifacts, dataset);
    await using file = await artifacts.temporary('.parquet');
    const { columns, rows, casts } = await this.data
      .query(params.sql, { dataset: paths }, file.path, { signal })
      .catch(inParams);
    for (const { column, from } of casts.slice(0, 20))
      context.log('warn', `column '${column}' (${from}) became text`);
    const lineage = { component: 'transform.query', dataset: dataset.digest, sql: params.sql };
    const result = await writeDataset(artifacts, [{ path: file.path, rows }], { columns, lineage });
    return { outputs: { dataset: result }, metrics: { rows, columns: columns.length } };
  }
}
