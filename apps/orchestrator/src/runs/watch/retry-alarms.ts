import type { RunState } from '../decide/state.js';

export interface DueRetry {
  run: string;
  step: string;
  attempt: number;
}

/** Rings when the next attempt of a step is due. Node's timers follow a monotonic clock, so the wall clock may jump. */
export class RetryAlarms {
  readonly #timers = new Map<string, { attempt: number; timer: NodeJS.Timeout }>();
  /** Set by whoever acts on it. */
  ring: (due: DueRetry) => void = () => undefined;

  /** Brings the alarms of a run in line with what changed between two of its states. `wall` is the wall clock now. */
  follow(before: RunState | undefined, after: RunState, wall: number): void {
    after.steps.forEach((step, position) => {
      if (before?.steps[position] === step) return;
      const key = `${after.run}/${position}`;
      const waits = step.status === 'waiting' && step.dueAt !== undefined;
      const known = this.#timers.get(key);
      if (waits && known?.attempt === step.attempt) return;
      clearTimeout(known?.timer);
      this.#timers.delete(key);
      if (!waits) return;
      const due = { run: after.run, step: after.plan.steps[position]?.name ?? '', attempt: step.attempt };
      const ring = () => (this.#timers.delete(key), this.ring(due));
      const timer = setTimeout(ring, Math.max(0, (step.dueAt ?? wall) - wall)).unref();
      this.#timers.set(key, { attempt: step.attempt, timer });
    });
  }

  stop(): void {
    for (const { timer } of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}
