import { changedSteps } from '../decide/changed-steps.js';
import { nothingMoved, type Moved } from '../decide/room.js';
import { isOut, type RunState } from '../decide/state.js';

/** A task that is out: somewhere in a queue, or with a worker. Times are of a monotonic clock, in milliseconds. */
export interface Lease {
  readonly run: string;
  readonly step: string;
  readonly position: number;
  readonly component: string;
  readonly token: number;
  /** Did a worker take it up? */
  running: boolean;
  /** Last sign of life; while it is queued, when it was last handed to the queue. */
  seenAt: number;
  /** When the attempt is over, whatever is heard of it. */
  endsAt: number;
  /** Under which the process of its worker answers. */
  probe: string | undefined;
  /** JetStream has offered the task to somebody else: its worker is gone, or has stood still for quite a while. */
  doubted: boolean;
  /** How often it was put into its queue, where that was more than once. */
  publications?: number;
}

export interface LeaseTimes {
  leaseMs: number;
  /** How long a queued task may be without a sign before the queue is asked about it. */
  queueCheckMs: number;
  /** How much longer than its limit an attempt is waited for, so that the worker's own verdict comes first. */
  graceMs: number;
}

/** Of which task a worker says something. */
interface Told {
  run: string;
  step: string;
  token: number;
}

export type Sign = 'first' | 'known' | 'stale' | 'unknown';

/**
 * Who owes us an answer, and since when. Kept in memory only: a restart, or a time in which we could not have heard
 * anything, begins all leases anew. The clock is monotonic, so that setting the wall clock fires nothing.
 */
export class Leases {
  readonly #leases = new Map<string, Lease>();
  readonly #byComponent = new Map<string, Moved>();

  constructor(
    private readonly times: LeaseTimes,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get size(): number {
    return this.#leases.size;
  }

  /** How many tasks of a component are out, as far as is followed here. */
  tasksOf(component: string): Moved {
    return this.#byComponent.get(component) ?? nothingMoved;
  }

  #count({ component, running }: Lease, by: 1 | -1): void {
    const known = this.tasksOf(component);
    const out = known.out + by;
    if (out === 0) this.#byComponent.delete(component);
    else this.#byComponent.set(component, { out, queued: known.queued + (running ? 0 : by) });
  }

  /** Brings the leases of a run in line with what changed between two of its states. `wall` is the wall clock now. */
  follow(before: RunState | undefined, after: RunState, wall: number): void {
    for (const position of changedSteps(before, after)) {
      const step = after.steps[position];
      if (!step) continue;
      const { name, component } = after.plan.steps[position] ?? { name: '', component: '' };
      const key = `${after.run}/${name}`;
      const known = this.#leases.get(key);
      if (!isOut(step)) {
        if (known) this.#count(known, -1);
        this.#leases.delete(key);
        continue;
      }
      const running = step.status === 'running';
      if (known?.token === step.token && known.running === running) continue;
      const now = this.now();
      // After a restart the wall clock tells what is left, but never more than there was. Where it says that all is over,
      // perhaps only because it was set, the worker's answer or its silence shall come first.
      const since = (running ? step.startedAt : step.queuedAt) ?? wall;
      const deadline = step.deadline ?? wall;
      const told = Math.min(deadline - wall, deadline - since);
      const leftMs = told > 0 ? told : Math.min(2 * this.times.leaseMs, deadline - since);
      const endsAt = now + leftMs + this.times.graceMs;
      const { run } = after;
      const lease: Lease = {
        run,
        step: name,
        position,
        component,
        token: step.token,
        running,
        seenAt: now,
        endsAt,
        probe: step.probe,
        doubted: known?.token === step.token && known.doubted,
      };
      if (known) this.#count(known, -1);
      this.#count(lease, 1);
      this.#leases.set(key, lease);
    }
  }

  /** A worker says that it works. `first` until the lease is followed as running. */
  sign({ run, step, token, probe }: Told & { probe?: string }): Sign {
    const lease = this.#leases.get(`${run}/${step}`);
    // A token that is newer than what is known here comes from another replica.
    if (!lease || lease.token < token) return 'unknown';
    if (lease.token > token) return 'stale';
    lease.seenAt = this.now();
    lease.probe = probe;
    return lease.running ? 'known' : 'first';
  }

  /**
   * Its message has come to somebody else. A worker that is heard all the same keeps its lease; one that is not has less
   * patience to hope for. @returns whether there is such a lease
   */
  doubt({ run, step, token }: Told): boolean {
    const lease = this.#leases.get(`${run}/${step}`);
    if (lease?.token !== token) return false;
    // Perhaps it has begun unheard, and its next sign of life is on its way.
    if (!lease.running) lease.seenAt = this.now();
    lease.doubted = true;
    return true;
  }

  /** Its worker has answered, and only the writing down is in the way: neither silence nor the limit counts meanwhile. */
  hold({ run, step, token }: Told): void {
    const lease = this.#leases.get(`${run}/${step}`);
    if (lease?.token !== token) return;
    lease.seenAt = this.now();
    lease.endsAt = Math.max(lease.endsAt, lease.seenAt + this.times.leaseMs);
  }

  /** Begins all leases anew: for a while nobody could have been heard. */
  renew(): void {
    const now = this.now();
    for (const lease of this.#leases.values()) lease.seenAt = now;
  }

  /** Has its worker been silent for too long, and is it still the lease of its step? */
  isOverdue(lease: Lease, now = this.now()): boolean {
    const { run, step, running, doubted, seenAt } = lease;
    const { leaseMs } = this.times;
    const patienceMs = doubted ? leaseMs / 3 : leaseMs;
    return this.#leases.get(`${run}/${step}`) === lease && (running || doubted) && now - seenAt >= patienceMs;
  }

  overdue(): { lapsed: Lease[]; ended: Lease[]; silent: Lease[] } {
    const now = this.now();
    const { queueCheckMs } = this.times;
    const all = [...this.#leases.values()];
    const ended = all.filter(({ endsAt }) => endsAt <= now);
    const live = all.filter(({ endsAt }) => endsAt > now);
    return {
      ended,
      lapsed: live.filter((lease) => this.isOverdue(lease, now)),
      silent: live.filter(
        ({ running, doubted, seenAt }) => !running && !doubted && now - seenAt >= queueCheckMs,
      ),
    };
  }
}
