import {
  eventSearch,
  runSearch,
  stepSearch,
  type EventSearch,
  type FoundEvent,
  type FoundStep,
  type RunSearch,
  type StepSearch,
} from '@millrace/contracts';
import { between, moment, shortened } from '../output/format.js';
import { oneLine } from '../output/printable.js';
import { table, type Cell } from '../output/table.js';
import { ask, given } from './ask.js';
import type { Context } from './context.js';
import { listed } from './paging.js';
import { runRow, runHeader } from './runs.js';

const stepRow = (found: FoundStep): Cell[] => [
  found.run,
  found.step,
  found.component,
  found.status,
  found.attempt,
  between(found.startedAt, found.finishedAt),
  shortened(found.error?.message),
];

const eventLine = ({ at, level, run, step = '', message }: FoundEvent): string =>
  `${moment(at)}  ${level.padEnd(5)}  ${run}  ${step.padEnd(12)}  ${oneLine(message)}`;

export const searchRuns = async (
  context: Context,
  text: string | undefined,
  options: RunSearch,
): Promise<void> =>
  void (await ask(context, runSearch, given({ ...options, text }) as RunSearch, (page) =>
    listed(page, 'no run was found', () => table(runHeader, page.items.map(runRow))),
  ));

export const searchSteps = async (
  context: Context,
  text: string | undefined,
  options: StepSearch,
): Promise<void> =>
  void (await ask(context, stepSearch, given({ ...options, text }) as StepSearch, (page) =>
    listed(page, 'no step was found', () =>
      table(['run', 'step', 'component', 'status', 'attempt', 'took', 'error'], page.items.map(stepRow)),
    ),
  ));

export const searchEvents = async (
  context: Context,
  text: string | undefined,
  options: EventSearch,
): Promise<void> =>
  void (await ask(context, eventSearch, given({ ...options, text }) as EventSearch, (page) =>
    listed(page, 'no event was found', () => page.items.map(eventLine).join('\n')),
  ));
