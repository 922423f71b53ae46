import 'reflect-metadata';
import { AsyncLocalStorage } from 'node:async_hooks';
import {
  createLogger,
  Health,
  Metrics,
  NestLogger,
  startHealthServer,
  type HealthServer,
  type Logger,
} from '@millrace/observability';
import type { ServiceDefinition } from '../definition/define-service.js';
import type { BaseEnv } from '../env/base.env.js';
import { readEnv, type EnvRecord } from '../env/read-env.js';
import { awaitNats } from './await-nats.js';
import { createApplication } from './create-application.js';
import { closeNats } from './close-nats.js';
import { Closing } from './closing.js';
import { orPortInUse } from './port-in-use.js';
import type { RunningService } from './running-service.js';

export interface StartOptions {
  /** Environment variables; nothing else is read. */
  env?: EnvRecord;
  /** Default: JSON lines on standard output. */
  logger?: Logger;
  /** Ends the wait for NATS. */
  signal?: AbortSignal;
}

/** Nest has one logger per process: its lines find the service they belong to by the context they are written in. */
const loggers = new AsyncLocalStorage<Logger>();

/**
 * Starts a service and resolves when it answers. NATS being away is waited for, with /health/ready saying so.
 * Holds no state outside of what it returns: many services share one process.
 * @throws StartError for what its operator can mend: settings (all mistakes at once), ports in use
 */
export const startService = async <E extends BaseEnv>(
  definition: ServiceDefinition<E>,
  o: StartOptions = {},
): Promise<RunningService> => {
  const env = readEnv(definition.env, o.env ?? {});
  const logger =
    o.logger ?? createLogger({ service: definition.name, level: env.LOG_LEVEL, pretty: env.LOG_PRETTY });
  return loggers.run(logger, () => start(definition, env, logger, o.signal));
};

const start = async <E extends BaseEnv>(
  definition: ServiceDefinition<E>,
  env: E,
  logger: Logger,
  signal: AbortSignal | undefined,
): Promise<RunningService> => {
  const { name, version } = definition;
  const startedAt = performance.now();
  const closing = new Closing();
  const health = new Health();
  const metrics = new Metrics({ service: name });
  let state: 'starting' | 'up' | 'stopping' = 'starting';
  let obstacle = '';
  health.add('service', () => {
    if (state !== 'up') throw new Error(`${state}${obstacle}`);
  });

  try {
    const healthServer = await serveHealth(env, health, metrics);
    if (healthServer) closing.add('health server', () => healthServer.close());

    const nc = await awaitNats(env, {
      name: `millrace-${name}`,
      logger,
      ...(signal ? { signal } : {}),
      onWait: (reason) => (obstacle = `: no connection to NATS: ${reason}`),
    });
    obstacle = '';
    closing.add('NATS connection', () => closeNats(nc));
    const giveUp = (): void => void nc.close();
    signal?.addEventListener('abort', giveUp);
    // Unasked, this means that it can never be had again: whoever runs the process starts it anew (see runProcess).
    void nc.closed().then((cause) => {
      if (state !== 'stopping' && !signal?.aborted)
        throw new Error('the connection to NATS ended for good', { cause });
    });

    const nestLogger = new NestLogger(() => loggers.getStore() ?? logger);
    const application = await createApplication({ definition, env, logger, health, metrics }, nc, nestLogger);
    closing.add('application (requests in work, shutdown hooks)', () => application.app.close());
    const url = await application.listen();

    state = 'up';
    signal?.removeEventListener('abort', giveUp);
    const startMs = Math.round(performance.now() - startedAt);
    logger.info({ version, startMs, url, healthPort: healthServer?.port }, 'started');
    return {
      name,
      app: application.app,
      ...(url === undefined ? {} : { url }),
      ...(healthServer ? { healthPort: healthServer.port } : {}),
      stop: async () => {
        state = 'stopping';
        await closing.close();
        logger.info('stopped');
      },
      stopping: () => closing.current,
    };
  } catch (error) {
    state = 'stopping';
    await closing.close().catch((err: unknown) => logger.warn({ err }, 'while giving up the start'));
    throw error;
  }
};

const serveHealth = async (
  env: BaseEnv,
  health: Health,
  metrics: Metrics,
): Promise<HealthServer | undefined> => {
  if (env.HEALTH_PORT === -1) return undefined;
  const at = { host: env.HEALTH_HOST, port: env.HEALTH_PORT };
  return startHealthServer({ ...at, health, metrics }).catch(orPortInUse('HEALTH_PORT', at));
};
