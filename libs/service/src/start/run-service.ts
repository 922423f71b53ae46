import { createLogger, type Logger } from '@millrace/observability';
import type { ServiceDefinition } from '../definition/define-service.js';
import type { BaseEnv } from '../env/base.env.js';
import { StartError } from '../env/env-error.js';
import { readEnv } from '../env/read-env.js';
import { startService } from './start-service.js';
import { stopOnSignals } from './stop-on-signals.js';

/**
 * The whole of a service's `main.ts`: settings from the environment, SIGTERM and SIGINT stop it gracefully (a second one
 * at once), and whatever goes wrong ends the process with exit code 1 and one clear line.
 */
export const runService = async <E extends BaseEnv>(definition: ServiceDefinition<E>): Promise<void> => {
  // eslint-disable-next-line no-restricted-properties -- the one place where the environment comes in
  const record = process.env;
  try {
    const env = readEnv(definition.env, record);
    const { name } = definition;
    const logger = createLogger({ service: name, level: env.LOG_LEVEL, pretty: env.LOG_PRETTY });
    dieOnUnhandled(logger);
    const signals = stopOnSignals(logger, env.SHUTDOWN_TIMEOUT_MS);
    signals.started(await startService(definition, { env: record, logger, signal: signals.aborted }));
  } catch (error) {
    fail(definition.name, error);
  }
};

/** For people, on standard error: one line, and a stack only for what they can't have caused. */
const fail = (service: string, error: unknown): never => {
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof StartError || !(error instanceof Error) ? '' : `${error.stack ?? ''}\n`;
  process.stderr.write(`${service} cannot start: ${message.replaceAll('\n', ' ')}\n${stack}`);
  process.exit(1);
};

const dieOnUnhandled = (logger: Logger): void => {
  const die = (kind: string) => (err: unknown) => {
    logger.fatal({ err }, `${kind}: ${err instanceof Error ? err.message : String(err)}`);
    process.exit(1);
  };
  process.on('uncaughtException', die('uncaught exception'));
  process.on('unhandledRejection', die('unhandled rejection'));
};
