import { NotFound, runGet, stepList, toDomainError, type RunView, type StepView } from '@millrace/contracts';
import type { MessagingClient } from '@millrace/messaging/caller';
import {
  hasEnded,
  mergeEvent,
  mergeSnapshot,
  type KnownRun,
  type Merge,
  type RunChange,
  type RunNews,
} from './run-changes.js';
import { isRunName, progressOf, runNewsOf } from './run-messages.js';

export interface FollowOptions {
  /** Called in order, never at the same time; the first change is the `snapshot`. */
  onChange: (change: RunChange) => void;
  /** Stops following: the promise rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Events may get lost (core NATS), so the run is read again this often, in milliseconds. Default 5,000. */
  resyncMs?: number;
}

const retryMs = 250;
/** In one answer. */
const maxSteps = 1_000;
/** A large run is read again more seldom: that may take so much of the time. */
const share = 20;

class Follower {
  #known: KnownRun | undefined;
  /** What arrived before the first snapshot. */
  readonly #early: RunNews[] = [];
  #wake = (): void => {};

  constructor(
    private readonly client: MessagingClient,
    private readonly run: string,
    private readonly options: FollowOptions,
  ) {}

  arrived(news: RunNews): void {
    if (this.#known === undefined) {
      this.#early.push(news);
      return;
    }
    const known = this.#tell(mergeEvent(this.#known, news));
    if (hasEnded(known.status)) this.wake();
  }

  progressed(change: RunChange): void {
    if (this.#known && !hasEnded(this.#known.status)) this.options.onChange(change);
  }

  wake(): void {
    this.#wake();
  }

  async untilEnded(): Promise<RunView> {
    const { signal, resyncMs = 5_000 } = this.options;
    for (;;) {
      signal?.throwIfAborted();
      const begun = performance.now();
      const read = await this.#read();
      const took = performance.now() - begun;
      signal?.throwIfAborted();
      if (read) {
        const { view, rest } = read;
        this.#tell(mergeSnapshot(this.#known, view, rest));
        for (const news of this.#early.splice(0)) this.arrived(news);
        if (hasEnded(view.status)) return view;
      }
      const isUnderWay = read && !hasEnded(this.#known?.status ?? 'pending');
      await this.#idle(isUnderWay ? Math.max(resyncMs, took * share) : retryMs);
    }
  }

  #tell({ known, changes }: Merge): KnownRun {
    this.#known = known;
    changes.forEach(this.options.onChange);
    return known;
  }

  /** The first read must succeed; afterwards an orchestrator that is away for a while is waited for. */
  async #read(): Promise<{ view: RunView; rest: StepView[] } | undefined> {
    try {
      const view = await this.client.request(runGet, { run: this.run }, { signal: this.options.signal });
      return { view, rest: await this.#rest(view.next) };
    } catch (thrown) {
      if (this.#known === undefined || !toDomainError(thrown).retryable) throw thrown;
      return undefined;
    }
  }

  async #rest(from: string | undefined): Promise<StepView[]> {
    const rest: StepView[] = [];
    for (let after = from; after !== undefined;) {
      const query = { run: this.run, after, limit: maxSteps };
      const { items, next } = await this.client.request(stepList, query, { signal: this.options.signal });
      rest.push(...items);
      after = next;
    }
    return rest;
  }

  #idle(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/**
 * Follows a run until it has ended, and returns how it ended. No transition gets lost between the snapshot and the
 * subscription: it subscribes first, then reads the run and tells it, then tells only what is newer. Events that NATS
 * lost are made up for by reading the run again at intervals; every step's last state is told before it returns.
 *
 * Of a run with more steps than one answer has room for, the snapshot and what is returned have the first of them, and a
 * `next`; the others are told as transitions, too.
 *
 * @throws DomainError `not_found`, or whatever else the first read of the run answers; later reads are tried again.
 */
export const followRun = async (
  client: MessagingClient,
  run: string,
  options: FollowOptions,
): Promise<RunView> => {
  if (!isRunName(run)) throw new NotFound('run', run.slice(0, 100));
  options.signal?.throwIfAborted();
  const follower = new Follower(client, run, options);
  const subscriptions = [
    client.subscribe(client.subjects.event('orchestrator.>'), (message) => {
      const news = runNewsOf(run, message);
      if (news) follower.arrived(news);
    }),
    client.subscribe(client.subjects.progressOfRun(run), (message) => {
      const progress = progressOf(run, message);
      if (progress) follower.progressed({ kind: 'progress', progress });
    }),
  ];
  const stop = () => follower.wake();
  options.signal?.addEventListener('abort', stop);
  try {
    await client.nc.flush();
    return await follower.untilEnded();
  } finally {
    options.signal?.removeEventListener('abort', stop);
    for (const subscription of subscriptions) subscription.unsubscribe();
  }
};
