import type { RunChange } from '@millrace/client';
import type { Progress, StepView } from '@millrace/contracts';
import { metrics as metricsText } from '../output/format.js';
import type { Output } from '../output/output.js';
import { oneLine } from '../output/printable.js';
import type { Display } from './watch.js';

type Step = Pick<StepView, 'step' | 'status' | 'attempt' | 'error' | 'child'> & {
  metrics?: Record<string, number>;
};

export const describeStep = ({ status, attempt, error, metrics, child }: Step): string => {
  const said = [
    attempt > 1 ? `attempt ${attempt}` : '',
    // Where one looks for what it does; an error names it anyhow.
    child !== undefined && status === 'running' ? `run ${child}` : '',
    error && status !== 'succeeded' ? `${error.message} (${error.code})` : '',
    metrics ? metricsText(metrics) : '',
  ];
  return [status, ...said.filter((text) => text !== '')].join(', ');
};

/** For files and pipes: a line for every transition, log entry and tenth of progress. */
export class Lines implements Display {
  private readonly tenths = new Map<string, number>();

  constructor(
    private readonly output: Output,
    private readonly now = () => new Date(),
  ) {}

  show(change: RunChange): void {
    if (change.kind === 'progress') return this.progress(change.progress);
    if (change.kind === 'step') return this.line(change.step.step, describeStep(change.step));
    if (change.kind === 'run') return this.line('', `run ${change.run.status}`);
    this.line('', `run ${change.run.run} of ${change.run.pipeline}: ${change.run.status}`);
    for (const step of change.run.steps)
      if (step.status !== 'waiting') this.line(step.step, describeStep(step));
  }

  close(): void {}

  private progress({ step, token, fraction, message, log }: Progress): void {
    if (log) this.line(step, `${log.level}: ${log.message}`);
    if (fraction === undefined) return;
    const tenth = Math.floor(fraction * 10);
    const key = `${step} ${token}`;
    if (tenth <= (this.tenths.get(key) ?? 0)) return;
    this.tenths.set(key, tenth);
    this.line(step, `${tenth * 10} %${message ? `, ${message}` : ''}`);
  }

  private line(step: string, text: string): void {
    const time = this.now().toISOString().slice(11, 19);
    this.output.line(`${time}  ${oneLine(step).padEnd(12)}  ${oneLine(text)}`);
  }
}
