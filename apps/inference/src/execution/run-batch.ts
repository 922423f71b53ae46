import { DomainError } from '@millrace/contracts';
import type { Feeds } from '../protocol/tensor.js';
import { stack, unstack } from './batch.js';
import type { QueuedRun, RunObserver } from './queued-run.js';
import type { Runner } from './runner.js';
import type { Waiting } from './waiting-line.js';

/** Runs what was taken together, and answers each of its callers. Never rejects. */
export const runBatch = async (runner: Runner, batch: Waiting[]): Promise<void> => {
  if (batch.length === 1) return runAlone(runner, batch[0]!);
  // When the batch as a whole fails, or can't be told apart, each runs alone: one bad row is no neighbour's error.
  const results = await runStacked(runner, batch);
  if (results) batch.forEach((one, i) => one.resolve(results[i]!));
  else for (const one of batch) if (!refuseLate(one, performance.now())) await runAlone(runner, one);
};

/** @returns whether its deadline had passed, or nobody needs it any more */
export const refuseLate = ({ asked, reject }: Waiting, now: number): boolean => {
  const late = latenessOf(asked, now, 'while the request waited');
  if (late) reject(late);
  return late !== undefined;
};

/** Why nobody needs an answer any more. @param when completes "the deadline passed …" */
export const latenessOf = (
  { expiresAt, abandoned }: Pick<QueuedRun, 'expiresAt' | 'abandoned'>,
  now: number,
  when: string,
): DomainError | undefined => {
  if (abandoned?.yes) return new DomainError('cancelled', 'another part of the same request has failed');
  if (expiresAt === undefined || expiresAt > now) return undefined;
  return new DomainError('deadline_exceeded', `the deadline passed ${when}`);
};

const runAlone = async (runner: Runner, { asked, resolve, reject }: Waiting): Promise<void> => {
  const { feeds, rows, observer } = asked;
  try {
    const began = performance.now();
    const outputs = await runner.run(feeds, false);
    const inferMs = performance.now() - began;
    observer?.executed({ rows, requests: 1, inputMs: 0, inferMs, outputMs: 0 });
    resolve(outputs);
  } catch (error) {
    reject(error);
  }
};

const runStacked = async (runner: Runner, batch: Waiting[]): Promise<Feeds[] | undefined> => {
  try {
    const began = performance.now();
    const feeds = stack(batch.map(({ asked }) => asked.feeds));
    const stacked = performance.now();
    const outputs = await runner.run(feeds, true);
    const computed = performance.now();
    const results = unstack(
      outputs,
      batch.map(({ asked }) => asked.rows),
    );
    if (results) observe(batch, stacked - began, computed - stacked, performance.now() - computed);
    return results;
  } catch {
    return undefined;
  }
};

/** Tells each observer of the requests in the batch that are its own. */
const observe = (batch: readonly Waiting[], inputMs: number, inferMs: number, outputMs: number): void => {
  const rows = batch.reduce((sum, { asked }) => sum + asked.rows, 0);
  const requests = new Map<RunObserver, number>();
  for (const {
    asked: { observer },
  } of batch)
    if (observer) requests.set(observer, (requests.get(observer) ?? 0) + 1);
  for (const [observer, count] of requests)
    observer.executed({ rows, requests: count, inputMs, inferMs, outputMs });
};
