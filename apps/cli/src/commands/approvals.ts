import { approvalDecide, approvalList, type ApprovalView } from '@millrace/contracts';
import { moment } from '../output/format.js';
import { table, type Cell } from '../output/table.js';
import { ask, given } from './ask.js';
import type { Context } from './context.js';
import { listed, type Paging } from './paging.js';

export interface DecisionOptions {
  by: string;
  reason?: string;
}

const row = ({ run, step, pipeline, by, message, until }: ApprovalView): Cell[] => [
  run,
  step,
  pipeline,
  by?.join(', ') ?? 'anybody',
  moment(until),
  message,
];

export const approvals = async (context: Context, paging: Paging): Promise<void> =>
  void (await ask(context, approvalList, paging, (page) =>
    listed(page, 'nothing waits for approval', () =>
      [
        table(['run', 'step', 'pipeline', 'by', 'until (UTC)', 'message'], page.items.map(row)),
        '',
        'decide with: millrace approve|reject <run> <step> --by <who>',
      ].join('\n'),
    ),
  ));

const decide =
  (approved: boolean) =>
  async (context: Context, run: string, step: string, options: DecisionOptions): Promise<void> =>
    void (await ask(
      context,
      approvalDecide,
      given({ run, step, approved, ...options }),
      (view) =>
        `step ${step} of run ${run} is ${approved ? 'approved' : 'refused'}; the run is ${view.status}`,
    ));

export const approve = decide(true);
export const reject = decide(false);
