import { stepList, type StepQuery, type StepView } from '@millrace/contracts';
import { between, metrics, shortened } from '../output/format.js';
import { table, type Cell } from '../output/table.js';
import { stepStatus } from '../output/step-status.js';
import { ask, given } from './ask.js';
import type { Context } from './context.js';
import { listed, type Paging } from './paging.js';

export interface StepsOptions extends Paging {
  of?: string;
  status?: string;
}

const row = (step: StepView): Cell[] => [
  step.step,
  step.component,
  stepStatus(step),
  step.attempt,
  between(step.startedAt, step.finishedAt),
  shortened(step.error?.message) ?? metrics(step.metrics),
];

export const steps = async (context: Context, run: string, options: StepsOptions): Promise<void> =>
  void (await ask(context, stepList, given({ run, ...options }) as StepQuery, (page) =>
    listed(page, 'no such step', () =>
      table(['step', 'component', 'status', 'attempt', 'took', 'what'], page.items.map(row)),
    ),
  ));
