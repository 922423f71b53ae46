import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';

export const workspaceRoot = resolve(import.meta.dirname, '../..');

/** An app is a service when its package exports one (`src/service.ts`); the terminal and the composition are not. */
export const listServices = (root = workspaceRoot) =>
  readdirSync(join(root, 'apps'))
    .filter((app) => {
      const file = join(root, 'apps', app, 'package.json');
      if (!existsSync(file)) return false;
      const { exports, nx } = JSON.parse(readFileSync(file, 'utf8'));
      return nx?.tags?.includes('type:app') && exports?.['.']?.default === './dist/service.js';
    })
    .sort();

/** Which of them one process can hold together. */
export const listStandaloneServices = (root = workspaceRoot) => {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'apps', 'standalone', 'package.json'), 'utf8'));
  return listServices(root).filter((name) => `@millrace/${name}` in dependencies);
};

/** Settings that belong to one service alone and must not reach all of them from the shell that started us. */
const notInherited = [
  'DATABASE_URL',
  'PORT',
  'HTTP_PORT',
  'GATEWAY_GRPC_PORT',
  'HEALTH_PORT',
  'DATA_DIR',
  'NODE_OPTIONS',
];

/**
 * Settings of one service within the process of all: standalone takes `REGISTRY__DATABASE_URL` as `DATABASE_URL` of `registry`.
 */
export const ownSettings = (service, { root, serviceEnv = {} }) =>
  Object.fromEntries(
    Object.entries({ ...ownFile(root, service), ...serviceEnv[service] }).map(([name, value]) => [
      `${service.toUpperCase().replaceAll('-', '_')}__${name}`,
      value,
    ]),
  );

/** What its `.env` says; a service's own settings, read here because services read only their environment. */
const ownFile = (root, service) => {
  const file = join(root, 'apps', service, '.env');
  return existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
};

/** What suits many processes on one machine. */
const frugal = (stateDir) => ({
  // Without a small young generation each process grows by some 20 MB while it starts, and keeps them.
  // (Source maps would cost another 10 MB each, for those of all packages: see preload.mjs.)
  NODE_OPTIONS: '--max-semi-space-size=2',
  // Threads of one process share their heaps of C memory, instead of each growing one.
  MALLOC_ARENA_MAX: process.env.MALLOC_ARENA_MAX ?? '2',
  // Node 22 and later keep compiled code between starts.
  NODE_COMPILE_CACHE: join(stateDir, 'cache', 'node'),
});

/** The environment of one service. Later entries win: shell, its `.env`, what the supervisor decides, the caller. */
export const environmentOf = (
  service,
  { root, stateDir, natsUrl, healthPort, gatewayPort, grpcPort, env = {}, serviceEnv = {} },
) => {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !notInherited.includes(name)),
  );
  return {
    ...inherited,
    ...frugal(stateDir),
    DATA_DIR: join(stateDir, 'data', service),
    ARTIFACTS_URL: join(stateDir, 'artifacts'),
    ...ownFile(root, service),
    NATS_URL: natsUrl,
    HEALTH_PORT: String(healthPort),
    ...(gatewayPort === undefined ? {} : { HTTP_PORT: String(gatewayPort) }),
    ...(grpcPort === undefined ? {} : { GATEWAY_GRPC_PORT: String(grpcPort) }),
    ...env,
    ...serviceEnv[service],
    MILLRACE_SUPERVISOR_PID: String(process.pid),
  };
};
