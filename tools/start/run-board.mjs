import { bold, dim, green, isInteractive, live, print, red, seconds, yellow } from '../setup/terminal.mjs';

const marks = {
  succeeded: green('✓'),
  cached: green('✓'),
  failed: red('✗'),
  cancelled: yellow('-'),
  skipped: yellow('-'),
};
const bar = (fraction, width = 20) => {
  const full = Math.round(Math.min(1, Math.max(0, fraction)) * width);
  return '█'.repeat(full) + '░'.repeat(width - full);
};
export const numberText = (value) =>
  Number.isInteger(value) ? String(value) : Number(value.toPrecision(4)).toString();
/** What matters at a glance: names with a dot (`baseline.auc`) are details. */
export const metricsText = (metrics = {}, most = 4) =>
  Object.entries(metrics)
    .filter(([name, value]) => typeof value === 'number' && !name.includes('.'))
    .slice(0, most)
    .map(([name, value]) => `${name} ${numberText(value)}`)
    .join('  ');

/** Shows a run: a line for each step that has ended, and below them, on a terminal, what is going on now. */
export class RunBoard {
  #steps = new Map();
  #ended = new Set();

  /** The order in which the steps stand in the run decides nothing but the width of the column. */
  snapshot(run) {
    this.width = Math.max(...run.steps.map(({ step }) => step.length));
    run.steps.forEach((step) => this.#take(step));
    this.#show();
  }

  step(step) {
    this.#take(step);
    this.#show();
  }

  #take(step) {
    const known = { ...this.#steps.get(step.step), ...step };
    if (step.status === 'running' && known.since === undefined) known.since = Date.now();
    if (step.status !== 'running') delete known.progress;
    this.#steps.set(step.step, known);
    if (!marks[step.status] || this.#ended.has(step.step)) return;
    this.#show();
    this.#end(known);
  }

  progress(progress) {
    const step = this.#steps.get(progress.step);
    if (!step || marks[step.status]) return;
    step.progress = progress;
    step.since ??= Date.now();
    this.#show();
    // Without a terminal a line now and then is enough to see that it lives.
    if (!isInteractive() && progress.message && Date.now() - (step.said ?? step.since) > 2_000) {
      step.said = Date.now();
      print(`  … ${this.#name(step)} ${progress.message}  ${metricsText(progress.metrics)}`.trimEnd());
    }
  }

  #end(step) {
    this.#ended.add(step.step);
    const took =
      step.finishedAt && step.startedAt
        ? Date.parse(step.finishedAt) - Date.parse(step.startedAt)
        : undefined;
    const time = took ?? (step.since && Date.now() - step.since);
    const what = [
      step.status === 'succeeded' ? time !== undefined && dim(seconds(time)) : bold(step.status),
      step.attempt > 1 && yellow(`attempt ${step.attempt}`),
      dim(metricsText(step.metrics)),
      step.error && red(`${step.error.code}: ${step.error.message}`),
    ];
    print(`  ${marks[step.status]} ${this.#name(step)} ${what.filter(Boolean).join('  ')}`.trimEnd());
  }

  #name({ step, component }) {
    return `${step.padEnd(this.width ?? step.length)}  ${dim((component ?? '').padEnd(21))}`;
  }

  #show() {
    const running = [...this.#steps.values()].filter(
      ({ status }) => status === 'running' || status === 'queued',
    );
    live(
      running.map((step) => {
        const { fraction, message, metrics } = step.progress ?? {};
        const done =
          fraction === undefined
            ? ''
            : `${bar(fraction)} ${String(Math.round(fraction * 100)).padStart(3)} %  `;
        return `  … ${this.#name(step)} ${done}${message ?? step.status}  ${dim(metricsText(metrics))}`;
      }),
    );
  }

  close() {
    live([]);
  }
}
