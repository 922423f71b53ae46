import type { RunView } from '@millrace/contracts';
import { between, metrics } from '../output/format.js';
import type { Output } from '../output/output.js';
import { printable } from '../output/printable.js';
import { table } from '../output/table.js';

/** How a run ended: its steps, what they measured, and what went wrong. */
export const summary = (output: Output, run: RunView): string => {
  const hasChildren = run.steps.some(({ child }) => child !== undefined);
  const steps = run.steps.map((step) => [
    step.step,
    step.status,
    between(step.startedAt, step.finishedAt),
    metrics(step.metrics),
    ...(hasChildren ? [step.child] : []),
  ]);
  const header = ['step', 'status', 'took', 'metrics', ...(hasChildren ? ['run'] : [])];
  const took = between(run.createdAt, run.finishedAt);
  const head = `run ${run.run} ${run.status}${took ? ` in ${took}` : ''}`;
  return [
    '',
    table(header, steps),
    '',
    output.paint(run.status === 'succeeded' ? 'green' : 'red', printable(head)),
    ...(run.error ? [printable(`  ${run.error.message} (${run.error.code})`)] : []),
  ].join('\n');
};
