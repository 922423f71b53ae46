import type { RunView, StepView } from '@millrace/contracts';
import { between, metrics } from '../output/format.js';
import type { Output } from '../output/output.js';
import { printable } from '../output/printable.js';
import { stepStatus } from '../output/step-status.js';
import { table } from '../output/table.js';

/** Of a `foreach` with very many items, the step says how they ended. */
const maxRows = 100;
const isInstance = ({ step }: StepView): boolean => /[[#]/.test(step);

const shownOf = ({ steps, next }: RunView): StepView[] =>
  next === undefined && steps.length <= maxRows ? steps : steps.filter((step) => !isInstance(step));

/** How a run ended: its steps, what they measured, and what went wrong. */
export const summary = (output: Output, run: RunView): string => {
  const shown = shownOf(run);
  const hasChildren = shown.some(({ child }) => child !== undefined);
  const steps = shown.map((step) => [
    step.step,
    stepStatus(step),
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
    ...(shown.length < run.steps.length || run.next !== undefined
      ? ['', `all of its steps: millrace steps ${run.run}, of those that failed: --status failed`]
      : []),
    '',
    output.paint(run.status === 'succeeded' ? 'green' : 'red', printable(head)),
    ...(run.error ? [printable(`  ${run.error.message} (${run.error.code})`)] : []),
  ].join('\n');
};
