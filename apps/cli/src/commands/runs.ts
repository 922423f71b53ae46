import { runList, type RunQuery, type RunView } from '@millrace/contracts';
import { between, moment } from '../output/format.js';
import { table, type Cell } from '../output/table.js';
import type { Context } from './context.js';
import { listed, type Paging } from './paging.js';

export interface RunsOptions extends Paging {
  pipeline?: string;
  status?: string;
}

export const runHeader = ['run', 'pipeline', 'status', 'started (UTC)', 'took'];

export const runRow = ({ run, pipeline, status, createdAt, finishedAt }: RunView): Cell[] => [
  run,
  pipeline,
  status,
  moment(createdAt),
  between(createdAt, finishedAt),
];

export const runs = async (context: Context, { pipeline, status, ...paging }: RunsOptions): Promise<void> => {
  await using session = await context.connect();
  const query = { ...paging, ...(pipeline ? { pipeline } : {}), ...(status ? { status } : {}) } as RunQuery;
  const page = await session.client.request(runList, query);
  context.output.result(page, () =>
    listed(page, 'no runs yet', () => table(runHeader, page.items.map(runRow))),
  );
};
