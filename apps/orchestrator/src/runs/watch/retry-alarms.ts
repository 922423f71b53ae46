import { changedSteps } from '../decide/changed-steps.js';
import type { RunState } from '../decide/state.js';

export interface DueRetry {
  run: string;
  step: string;
  attempt: number;
}

interface Alarm extends DueRetry {
  /** Wall clock. */
  at: number;
}

/** Longer ones Node lets ring at once. */
const maxTimerMs = 2 ** 31 - 1;

/** Rings when the next attempt of a step is due, or the time for an approval, or for another run, over. Node's timers follow a monotonic clock, so the wall clock may jump. */
export class RetryAlarms {
  readonly #timers = new Map<string, { due: Alarm; timer: NodeJS.Timeout }>();
  /** Set by whoever acts on it. */
  ring: (due: DueRetry) => void = () => undefined;

  /** Brings the alarms of a run in line with what changed between two of its states. `wall` is the wall clock now. */
  follow(before: RunState | undefined, after: RunState, wall: number): void {
    for (const position of changedSteps(before, after)) {
      const step = after.steps[position];
      if (!step) continue;
      const key = `${after.run}/${position}`;
      const waits = (step.status === 'waiting' || step.status === 'running') && step.dueAt !== undefined;
      const known = this.#timers.get(key);
      if (waits && known?.due.attempt === step.attempt && known.due.at === step.dueAt) continue;
      clearTimeout(known?.timer);
      this.#timers.delete(key);
      if (!waits) continue;
      const name = after.plan.steps[position]?.name ?? '';
      const due = { run: after.run, step: name, attempt: step.attempt, at: step.dueAt ?? wall };
      this.#set(key, due, Math.max(0, due.at - wall));
    }
  }

  #set(key: string, due: Alarm, ms: number): void {
    const part = Math.min(ms, maxTimerMs);
    const ring = () => {
      if (part < ms) return this.#set(key, due, ms - part);
      this.#timers.delete(key);
      this.ring(due);
    };
    this.#timers.set(key, { due, timer: setTimeout(ring, part).unref() });
  }

  stop(): void {
    for (const { timer } of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}
