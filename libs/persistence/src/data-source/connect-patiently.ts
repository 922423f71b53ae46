import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '@millrace/observability';
import { connectError, isConnectionError } from '../transactions/database-error.js';

/** A database that is away, or still starting, is waited for; one that refuses us is an error. */
export const connectPatiently = async (
  connect: () => Promise<unknown>,
  logger: Logger | undefined,
  maxDelayMs = 5_000,
): Promise<void> => {
  for (let delay = 100; ; delay = Math.min(delay * 2, maxDelayMs)) {
    try {
      await connect();
      return;
    } catch (error) {
      if (!isConnectionError(error)) throw connectError(error);
      logger?.warn({ err: error }, `the database is away; trying again in ${delay} ms`);
      await wait(delay);
    }
  }
};
