import { constants } from 'node:os';
import type { Logger } from '@millrace/observability';
import type { RunningService } from './running-service.js';

export interface StopOnSignals {
  /** Aborts when the process is told to stop. */
  aborted: AbortSignal;
  started(service: Pick<RunningService, 'stop' | 'stopping'>): void;
}

/**
 * The first SIGTERM or SIGINT stops gracefully and exits 0; if that takes longer than `timeoutMs` it exits 1 and says what
 * hung. The second exits at once.
 */
export const stopOnSignals = (logger: Logger, timeoutMs: number): StopOnSignals => {
  const abort = new AbortController();
  let running: Pick<RunningService, 'stop' | 'stopping'> | undefined;

  const stop = async (): Promise<void> => {
    const impatience = setTimeout(() => {
      const resources = process.getActiveResourcesInfo();
      logger.fatal(
        { resources },
        `not stopped within ${timeoutMs} ms: still closing the ${running?.stopping()}`,
      );
      process.exit(1);
    }, timeoutMs);
    try {
      await running?.stop();
      process.exit(0);
    } catch (err) {
      logger.fatal({ err }, 'stopped, but not cleanly');
      process.exit(1);
    } finally {
      clearTimeout(impatience);
    }
  };

  const onSignal = (signal: NodeJS.Signals): void => {
    if (abort.signal.aborted) {
      logger.warn({ signal }, 'told twice to stop: leaving at once');
      process.exit(128 + constants.signals[signal]);
    }
    logger.info({ signal }, 'stopping');
    abort.abort();
    // Nothing was accepted yet; what a half-done start leaves behind is what a crash would.
    if (!running) process.exit(0);
    void stop();
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  return { aborted: abort.signal, started: (service) => (running = service) };
};
