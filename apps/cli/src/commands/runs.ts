import { runList, type RunQuery, type RunView } from '@millrace/contracts';
import { between, moment } from '../output/format.js';
import { table, type Cell } from '../output/table.js';
import { given } from './ask.js';
import type { Context } from './context.js';
import { listed, type Paging } from './paging.js';

export interface RunsOptions extends Paging {
  pipeline?: string;
  status?: string;
  parent?: string;
}

export const runHeader = ['run', 'pipeline', 'status', 'started (UTC)', 'took'];

export const runRow = ({ run, pipeline, status, createdAt, finishedAt }: RunView): Cell[] => [
  run,
  pipeline,
  status,
  moment(createdAt),
  between(createdAt, finishedAt),
];

export const runs = async (
  context: Context,
  { pipeline, status, parent, ...paging }: RunsOptions,
): Promise<void> => {
  await using session = await context.connect();
  const query = given({ ...paging, pipeline, status, parent }) as RunQuery;
  const page = await session.client.request(runList, query);
  context.output.result(page, () =>
    listed(page, pipeline || status || parent || paging.after ? 'no run was found' : 'no runs yet', () =>
      table(runHeader, page.items.map(runRow)),
    ),
  );
};
