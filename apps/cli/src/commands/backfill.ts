import {
  backfillCancel,
  backfillGet,
  backfillList,
  backfillPause,
  backfillResume,
  backfillStart,
  pipelineGet,
  type BackfillDate,
  type BackfillId,
  type BackfillUnit,
  type BackfillView,
  type Operation,
} from '@millrace/contracts';
import { moment } from '../output/format.js';
import { table, type Cell } from '../output/table.js';
import { ask, given } from './ask.js';
import type { Context } from './context.js';
import { listed, type Paging } from './paging.js';
import { parseParams } from './parse-params.js';

export interface BackfillOptions {
  from: string;
  to: string;
  every?: BackfillUnit;
  dateParam?: string;
  param: string[];
  concurrency?: number;
  key?: string;
}

const countsOf = ({ counts }: BackfillView): string =>
  Object.entries(counts)
    .map(([status, count]) => `${count} ${status}`)
    .join(', ');

const dateRow = ({ date, status, attempts, run }: BackfillDate): Cell[] => [date, status, attempts, run];

const headOf = (view: BackfillView): string =>
  [
    `backfill ${view.backfill} of ${view.pipeline} is ${view.status}: ${countsOf(view)}`,
    ...(view.error === undefined ? [] : [view.error]),
  ].join('\n');

const briefly = (view: BackfillView): string => `${headOf(view)}\n  millrace backfill show ${view.backfill}`;

const textOf = (view: BackfillView): string =>
  [headOf(view), '', table(['date', 'status', 'attempts', 'run'], view.dates.map(dateRow))].join('\n');

const row = (view: BackfillView): Cell[] => [
  view.backfill,
  view.pipeline,
  view.status,
  view.from,
  view.to,
  countsOf(view),
  moment(view.createdAt),
];

export const startBackfill = async (
  context: Context,
  pipeline: string,
  { param, dateParam, key, ...options }: BackfillOptions,
): Promise<void> => {
  await using session = await context.connect();
  const { definition } = await session.client.request(pipelineGet, { name: pipeline });
  const view = await session.client.request(
    backfillStart,
    given({
      pipeline,
      ...options,
      params: parseParams(param, definition.params),
      ...(dateParam === undefined ? {} : { param: dateParam }),
      ...(key === undefined ? {} : { idempotencyKey: key }),
    }),
  );
  context.output.result(view, () => briefly(view));
};

export const listBackfills = async (context: Context, paging: Paging): Promise<void> =>
  void (await ask(context, backfillList, paging, (page) =>
    listed(page, 'no backfills yet', () =>
      table(['backfill', 'pipeline', 'status', 'from', 'to', 'dates', 'started (UTC)'], page.items.map(row)),
    ),
  ));

const tell =
  (operation: Operation<BackfillId, BackfillView>, text = briefly) =>
  async (context: Context, backfill: string): Promise<void> =>
    void (await ask(context, operation, { backfill }, text));

export const showBackfill = tell(backfillGet, textOf);
export const pauseBackfill = tell(backfillPause);
export const cancelBackfill = tell(backfillCancel);

export const resumeBackfill = async (
  context: Context,
  backfill: string,
  { failed }: { failed: boolean },
): Promise<void> =>
  void (await ask(context, backfillResume, { backfill, ...(failed ? {} : { failed }) }, briefly));
