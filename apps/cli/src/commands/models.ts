import { modelGet, modelList, type ModelVersionView } from '@millrace/contracts';
import { metrics, moment } from '../output/format.js';
import { table, type Cell } from '../output/table.js';
import type { Context } from './context.js';
import { listed, type Paging } from './paging.js';

const row = (model: ModelVersionView): Cell[] => [
  model.name,
  model.version,
  model.aliases.join(', '),
  model.task,
  metrics(model.metrics),
  moment(model.createdAt),
];

/** The latest version of every model, or all versions of one. */
export const models = async (context: Context, name: string | undefined, paging: Paging): Promise<void> => {
  await using session = await context.connect();
  const page =
    name === undefined
      ? await session.client.request(modelList, paging)
      : await session.client.request(modelGet, { name });
  context.output.result(page, () =>
    listed(page, 'no models yet', () =>
      table(['model', 'version', 'aliases', 'task', 'metrics', 'created (UTC)'], page.items.map(row)),
    ),
  );
};
