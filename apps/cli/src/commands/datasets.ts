import { datasetGet, datasetList, type DatasetVersionView } from '@millrace/contracts';
import { moment } from '../output/format.js';
import { table, type Cell } from '../output/table.js';
import type { Context } from './context.js';
import { listed, type Paging } from './paging.js';

const row = ({ name, version, rows, columns, artifact, createdAt }: DatasetVersionView): Cell[] => [
  name,
  version,
  rows,
  columns.length,
  artifact.digest.slice(0, 19),
  moment(createdAt),
];

/** The latest version of every dataset, or all versions of one. */
export const datasets = async (context: Context, name: string | undefined, paging: Paging): Promise<void> => {
  await using session = await context.connect();
  const page =
    name === undefined
      ? await session.client.request(datasetList, paging)
      : await session.client.request(datasetGet, { name });
  context.output.result(page, () =>
    listed(page, 'no datasets yet', () =>
      table(['dataset', 'version', 'rows', 'columns', 'digest', 'created (UTC)'], page.items.map(row)),
    ),
  );
};
