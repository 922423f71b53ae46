import { DomainError } from '@millrace/contracts';
import { createLogger, type Logger } from '@millrace/observability';
import type { ServiceDefinition } from '../definition/define-service.js';
import type { BaseEnv } from '../env/base.env.js';
import { StartError } from '../env/env-error.js';
import { readEnv } from '../env/read-env.js';
import type { RunningService } from './running-service.js';
import { startService, type StartOptions } from './start-service.js';
import { stopOnSignals } from './stop-on-signals.js';

/**
 * The whole of a service's `main.ts`: settings from the environment, SIGTERM and SIGINT stop it gracefully (a second one
 * at once), and whatever goes wrong ends the process with exit code 1 and one clear line.
 */
export const runService = <E extends BaseEnv>(definition: ServiceDefinition<E>): Promise<void> =>
  runProcess(definition.name, definition.env, (options) => startService(definition, options));

/** The same for a process that is not one service, e.g. holds several. */
export const runProcess = async <E extends BaseEnv>(
  name: string,
  Env: new () => E,
  start: (options: Required<StartOptions>) => Promise<Pick<RunningService, 'stop' | 'stopping'>>,
): Promise<void> => {
  // eslint-disable-next-line no-restricted-properties -- the one place where the environment comes in
  const record = process.env;
  try {
    const env = readEnv(Env, record);
    const logger = createLogger({ service: name, level: env.LOG_LEVEL, pretty: env.LOG_PRETTY });
    dieOnUnhandled(logger);
    const signals = stopOnSignals(logger, env.SHUTDOWN_TIMEOUT_MS);
    signals.started(await start({ env: record, logger, signal: signals.aborted }));
  } catch (error) {
    fail(name, error);
  }
};

/** For people, on standard error: one line, and a stack only for what they can't have caused. */
const fail = (service: string, error: unknown): never => {
  const message = error instanceof Error ? error.message : String(error);
  const stack = isOperators(error) || !(error instanceof Error) ? '' : `${error.stack ?? ''}\n`;
  process.stderr.write(`${service} cannot start: ${message.replaceAll('\n', ' ')}\n${stack}`);
  process.exit(1);
};

/** Whoever runs the service can mend it, without knowing its code. */
const isOperators = (error: unknown): boolean =>
  error instanceof StartError || (error instanceof DomainError && error.code !== 'internal');

const dieOnUnhandled = (logger: Logger): void => {
  const die = (kind: string) => (err: unknown) => {
    logger.fatal({ err }, `${kind}: ${err instanceof Error ? err.message : String(err)}`);
    process.exit(1);
  };
  process.on('uncaughtException', die('uncaught exception'));
  process.on('unhandledRejection', die('unhandled rejection'));
};
