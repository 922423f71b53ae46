import {
  DomainError,
  NotFound,
  runLog,
  toDomainError,
  type RunLog,
  type RunLogEntry,
  type RunStatus,
} from '@millrace/contracts';
import type { MessagingClient } from '@millrace/messaging/caller';
import { hasEnded } from './run-changes.js';
import { isRunName } from './run-messages.js';
import { Wakeup } from './wakeup.js';

export interface FollowLogOptions {
  /** Only of this step, and of what it is done as (`fit[0]`, `fit#1`). */
  step?: string;
  /** `info`, `warn`, `error`; one or more, with commas between them. */
  level?: string;
  /** Begins behind this line: a line's id, or the cursor of an earlier page. Default `0`, the beginning. */
  after?: string;
  /** Begins with the newest so many lines instead; 0 = only what is yet to come. */
  tail?: number;
  /** Stops following: the generator throws the signal's reason. */
  signal?: AbortSignal;
  /** Signals that there is more may get lost (core NATS), so it is looked this often, in milliseconds. Default 2,000. */
  resyncMs?: number;
  /** Most lines of one page, 1 to 5,000: with what follows from them, all that is held at a time. Default 500. */
  pageLines?: number;
}

export interface LogPage {
  /** At least one, but for the first page: that says that there is such a run. */
  items: RunLogEntry[];
  /** Where to go on from, should this end here. */
  cursor: string;
}

const retryMs = 250;
/** However often something is logged: one look this often, in milliseconds, takes it all. */
const paceMs = 100;

/** The first look must succeed; afterwards an orchestrator that is away for a while is waited for. */
const look = async (
  client: MessagingClient,
  query: { run: string; after?: string; limit?: number },
  { step, level, signal }: FollowLogOptions,
  isFirst: boolean,
): Promise<RunLog | undefined> => {
  const filter = { ...(step === undefined ? {} : { step }), ...(level === undefined ? {} : { level }) };
  try {
    return await client.request(runLog, { ...query, ...filter }, { ...(signal ? { signal } : {}) });
  } catch (thrown) {
    signal?.throwIfAborted();
    if (isFirst || !toDomainError(thrown).retryable) throw thrown;
    return undefined;
  }
};

/**
 * Follows a run's log until the run has ended, page by page: every line once, in order, also over a restart of the
 * orchestrator or of NATS. Nothing is read before the page before it was taken, so a slow reader holds up only itself.
 * Returns the status with which the run ended.
 *
 * @throws DomainError `not_found`, or whatever else the first look answers; later looks are tried again.
 */
export async function* followLog(
  client: MessagingClient,
  run: string,
  options: FollowLogOptions = {},
): AsyncGenerator<LogPage, RunStatus> {
  if (!isRunName(run)) throw new NotFound('run', run.slice(0, 100));
  const { after = '0', tail, signal, resyncMs = 2_000, pageLines = 500 } = options;
  signal?.throwIfAborted();
  const news = new Wakeup();
  const stop = () => news.end();
  const subscription = client.subscribe(client.subjects.log(run), () => news.wake());
  signal?.addEventListener('abort', stop);
  try {
    let query = tail === undefined ? { run, after, limit: pageLines } : { run, limit: tail };
    for (let isFirst = true; ;) {
      news.reset();
      const page = await look(client, query, options, isFirst);
      if (page === undefined) {
        await news.after(retryMs, { atMost: retryMs });
      } else {
        const { items, cursor, next, status } = page;
        if (cursor === undefined || status === undefined)
          throw new DomainError('unsupported', 'this orchestrator is too old to follow a log');
        if (items.length > 0 || isFirst) yield { items, cursor };
        query = { run, after: cursor, limit: pageLines };
        isFirst = false;
        if (next === undefined && hasEnded(status)) return status;
        if (next === undefined) await news.after(paceMs, { atMost: resyncMs });
      }
      signal?.throwIfAborted();
    }
  } finally {
    signal?.removeEventListener('abort', stop);
    subscription.unsubscribe();
  }
}
