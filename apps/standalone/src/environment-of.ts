import { join } from 'node:path';

export type Environment = Record<string, string | undefined>;

/** Variables that every process has one of; each service here gets its own instead. */
const ownPerService = (service: string, shared: Environment): Environment => ({
  DATA_DIR: join(shared['DATA_DIR'] ?? '.millrace/data', service),
  HEALTH_PORT: '0',
  // One database for all would break the rule that no service reads another's tables.
  DATABASE_URL: undefined,
});

/**
 * The environment of one service within the process: the shared one, its own directories, and whatever was set under its
 * name: `REGISTRY__DATABASE_URL` is the `DATABASE_URL` of `registry` alone.
 */
export const environmentOf = (service: string, shared: Environment): Environment => {
  const prefix = `${service.toUpperCase().replaceAll('-', '_')}__`;
  const named = Object.entries(shared)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, value]) => [name.slice(prefix.length), value] as const);
  return { ...shared, ...ownPerService(service, shared), ...Object.fromEntries(named) };
};
