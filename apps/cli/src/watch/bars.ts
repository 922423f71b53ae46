import type { RunChange } from '@millrace/client';
import type { Progress, StepStatus, StepView } from '@millrace/contracts';
import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import type { Output } from '../output/output.js';
import { oneLine } from '../output/printable.js';
import { describeStep } from './lines.js';
import type { Display } from './watch.js';

const colours = {
  waiting: 'gray',
  queued: 'gray',
  running: 'cyan',
  succeeded: 'green',
  cached: 'green',
  failed: 'red',
  skipped: 'yellow',
  cancelled: 'yellow',
} as const satisfies Record<StepStatus, string>;

const full = new Set<StepStatus>(['succeeded', 'cached']);

/** For terminals: one bar for every step. */
export class Bars implements Display {
  private readonly bars = new Map<string, SingleBar>();
  private readonly multi: MultiBar;
  private width = 12;

  constructor(private readonly output: Output) {
    this.multi = new MultiBar(
      {
        stream: output.stream,
        format: '{step} {bar} {percentage} %  {text}',
        barsize: 24,
        fps: 10,
        hideCursor: true,
        // Ours is the signal handler that also stops following.
        gracefulExit: false,
        forceRedraw: true,
        linewrap: false,
        autopadding: true,
        emptyOnZero: true,
      },
      Presets.shades_classic,
    );
  }

  show(change: RunChange): void {
    if (change.kind === 'progress') return this.progress(change.progress);
    if (change.kind === 'step') return this.step(change.step);
    if (change.kind === 'run') return;
    this.width = Math.max(12, ...change.run.steps.map(({ step }) => step.length));
    change.run.steps.forEach((step) => this.step(step));
  }

  close(): void {
    // Stops every bar, draws the last state and gives the cursor back.
    this.multi.stop();
  }

  private step(
    step: Pick<StepView, 'step' | 'status' | 'attempt' | 'error' | 'child'> & {
      metrics?: Record<string, number>;
    },
  ): void {
    const text = this.output.paint(colours[step.status], this.fit(describeStep(step)));
    const bar = this.barOf(step.step);
    if (step.status === 'queued') bar.update(0, { text });
    else if (full.has(step.status)) bar.update(1, { text });
    else bar.update({ text });
  }

  private progress({ step, fraction, message }: Progress): void {
    const text = this.output.paint(colours.running, this.fit(message ?? 'running'));
    this.barOf(step).update(Math.min(Math.max(fraction ?? 0, 0), 1), { text });
  }

  private barOf(step: string): SingleBar {
    const known = this.bars.get(step);
    if (known) return known;
    const bar = this.multi.create(1, 0, { step: oneLine(step).padEnd(this.width), text: '' });
    this.bars.set(step, bar);
    return bar;
  }

  /** A wrapped line could not be redrawn. */
  private fit(text: string): string {
    const room = (this.output.stream.columns ?? 80) - this.width - 24 - 10;
    const line = oneLine(text);
    return line.length > room ? `${line.slice(0, Math.max(room - 1, 0))}…` : line;
  }
}
