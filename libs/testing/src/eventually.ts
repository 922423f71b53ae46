import { setTimeout as wait } from 'node:timers/promises';

/**
 * Waits for a condition: calls `attempt` until it neither throws nor returns `false`/`undefined`, and returns its value.
 * @throws the last error, or that the condition never held, after `timeoutMs` (default 10,000).
 */
export const eventually = async <T>(
  attempt: () => T | Promise<T>,
  options: { timeoutMs?: number; everyMs?: number; what?: string } = {},
): Promise<Exclude<T, false | undefined>> => {
  const { timeoutMs = 10_000, everyMs = 10, what = 'the condition' } = options;
  const end = performance.now() + timeoutMs;
  let last: unknown;
  do {
    try {
      const value = await attempt();
      if (value !== false && value !== undefined) return value as Exclude<T, false | undefined>;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await wait(everyMs);
  } while (performance.now() < end);
  throw last ?? new Error(`${what} did not hold within ${timeoutMs} ms`);
};
