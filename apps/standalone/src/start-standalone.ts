import { DomainError } from '@millrace/contracts';
import { Health, Metrics, startHealthServer } from '@millrace/observability';
import {
  readEnv,
  StartError,
  startService,
  type RunningService,
  type ServiceDefinition,
} from '@millrace/service';
import { StandaloneEnv } from './config/standalone.env.js';
import { environmentOf, type Environment } from './environment-of.js';

export interface Standalone {
  readonly services: readonly RunningService[];
  stop(): Promise<void>;
  /** What `stop()` is at. */
  stopping(): string | undefined;
}

const chosen = (definitions: readonly ServiceDefinition[], names: string): readonly ServiceDefinition[] => {
  if (names === '') return definitions;
  const wanted = names.split(',');
  const unknown = wanted.filter((name) => !definitions.some((definition) => definition.name === name));
  if (unknown.length > 0) {
    throw new DomainError('invalid_request', `STANDALONE_SERVICES: there is no ${unknown.join(', ')}`);
  }
  return definitions.filter(({ name }) => wanted.includes(name));
};

/** Starts services in this process, each as it would be alone: own settings, own database, own connection to NATS. */
export const startStandalone = async (
  definitions: readonly ServiceDefinition[],
  { env: shared = {}, signal }: { env?: Environment; signal?: AbortSignal },
): Promise<Standalone> => {
  const env = readEnv(StandaloneEnv, shared);
  const services: RunningService[] = [];
  const stopAll = async (): Promise<void> => {
    await Promise.all(services.map((service) => service.stop()));
  };
  const outcomes = await Promise.allSettled(
    chosen(definitions, env.STANDALONE_SERVICES).map(async (definition) => {
      const own = { env: environmentOf(definition.name, shared), ...(signal ? { signal } : {}) };
      services.push(await startNamed(definition, own));
    }),
  );
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure) {
    await stopAll();
    throw failure.reason;
  }
  const health = env.HEALTH_PORT < 0 ? undefined : await healthOf(services, env);
  return {
    services,
    stop: async () => {
      await health?.close();
      await stopAll();
    },
    stopping: () =>
      services
        .filter((service) => service.stopping())
        .map((service) => `${service.name}: ${service.stopping()}`)
        .join(', '),
  };
};

/** Among many, a reason needs the name of whom it is about. */
const startNamed = async (
  ...[definition, options]: Parameters<typeof startService>
): Promise<RunningService> => {
  try {
    return await startService(definition, options);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    throw new StartError(`${definition.name}: ${error.message}`, { cause: error });
  }
};

/** Ready when every service is. */
const healthOf = (services: readonly RunningService[], env: StandaloneEnv) => {
  const health = new Health();
  for (const { name, healthPort } of services) {
    if (healthPort === undefined) continue;
    health.add(name, async () => {
      const response = await fetch(`http://127.0.0.1:${healthPort}/health/ready`);
      if (!response.ok) throw new Error(await response.text());
    });
  }
  const metrics = new Metrics({ service: 'standalone' });
  return startHealthServer({ host: env.HEALTH_HOST, port: env.HEALTH_PORT, health, metrics });
};
