import {
  historyPrune,
  pipelineList,
  pipelineVersions,
  type PipelineView,
  type PruneHistory,
} from '@millrace/contracts';
import { moment } from '../output/format.js';
import { table, type Cell } from '../output/table.js';
import { ask, given } from './ask.js';
import type { Context } from './context.js';
import { listed, type Paging } from './paging.js';

export const prune = async (context: Context, options: PruneHistory): Promise<void> =>
  void (await ask(context, historyPrune, given(options), ({ runs, dryRun, more }) =>
    [
      `${runs}${dryRun && more ? ' or more' : ''} runs ${dryRun ? 'would be' : 'were'} removed`,
      ...(more && !dryRun ? ['there are more: ask again'] : []),
    ].join('\n'),
  ));

const row = ({ name, version, createdAt, definition }: PipelineView): Cell[] => [
  name,
  version,
  moment(createdAt),
  definition.description,
];

/** The latest version of every pipeline, or all versions of one. */
export const pipelines = async (
  context: Context,
  name: string | undefined,
  paging: Paging,
): Promise<void> => {
  const text = (page: { items: PipelineView[]; next?: string }) =>
    listed(page, 'no pipelines yet', () =>
      table(['pipeline', 'version', 'submitted (UTC)', 'description'], page.items.map(row)),
    );
  void (name === undefined
    ? await ask(context, pipelineList, paging, text)
    : await ask(context, pipelineVersions, { name, ...paging }, text));
};
