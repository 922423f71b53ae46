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

/** The next thing to do to serve what is desired; undefined when there is nothing. Removals first: they are quick. */
export const nextAction = (desired: DesiredState, attempts: Attempts, now: number): Action | undefined => {
  for (const endpoint of attempts.keys()) if (!desired.has(endpoint)) return { kind: 'remove', endpoint };
  let until = Infinity;
  for (const wanted of desired.values()) {
    const attempt = attempts.get(wanted.endpoint);
    if (attempt?.revision !== wanted.revision) return { kind: 'load', desired: wanted };
    if (attempt.retryAt !== undefined && attempt.retryAt <= now) return { kind: 'load', desired: wanted };
    until = Math.min(until, attempt.retryAt ?? Infinity);
  }
  return until === Infinity ? undefined : { kind: 'wait', until };
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
