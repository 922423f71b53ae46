import type { DesiredEndpoint, DesiredState } from '../desired/desired-state.js';

/** How the last try to serve an endpoint's desired revision went. */
export interface Attempt {
  revision: number;
  state: 'ready' | 'failed';
  error?: { code: string; message: string };
  /** How often this revision failed. */
  failures: number;
  /** Epoch milliseconds, when it may go better another time. */
  retryAt?: number;
}

export type Attempts = ReadonlyMap<string, Attempt>;

export type Action =
  | { kind: 'remove'; endpoint: string }
  | { kind: 'load'; desired: DesiredEndpoint }
  | { kind: 'wait'; until: number };

/**
 * What is to be done to serve what is desired, removals first: they are quick. A `wait` comes last, and alone where nothing
 * else is to be done.
 * @param busy endpoints that something is being done with
 */
export const nextActions = (
  desired: DesiredState,
  attempts: Attempts,
  now: number,
  busy: { has(endpoint: string): boolean } = new Set(),
): Action[] => {
  const actions: Action[] = [];
  for (const endpoint of attempts.keys())
    if (!desired.has(endpoint) && !busy.has(endpoint)) actions.push({ kind: 'remove', endpoint });
  let until = Infinity;
  for (const wanted of desired.values()) {
    if (busy.has(wanted.endpoint)) continue;
    const attempt = attempts.get(wanted.endpoint);
    const due = attempt?.retryAt !== undefined && attempt.retryAt <= now;
    if (attempt?.revision !== wanted.revision || due) actions.push({ kind: 'load', desired: wanted });
    else until = Math.min(until, attempt.retryAt ?? Infinity);
  }
  if (until !== Infinity) actions.push({ kind: 'wait', until });
  return actions;
};

/** Every desired endpoint was loaded, or failed and said so. */
export const unsettled = (desired: DesiredState, attempts: Attempts): string[] =>
  [...desired.values()]
    .filter(({ endpoint, revision }) => {
      const attempt = attempts.get(endpoint);
      return attempt?.revision !== revision || (attempt.state === 'failed' && !isFinal(attempt));
    })
    .map(({ endpoint }) => endpoint);

/** A passing fault (the artifact store away for a moment) is no failed deployment yet. */
const quietRetries = 3;

/** Worth a report: it failed for good, or for long. */
export const isFinal = ({ failures, retryAt }: Attempt): boolean =>
  retryAt === undefined || failures > quietRetries;

/** 0.25 s, doubled up to 30 s. */
export const retryDelayMs = (failures: number): number => Math.min(30_000, 250 * 2 ** (failures - 1));
