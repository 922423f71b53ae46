import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { startPostgres, temporaryDirectory } from '@millrace/testing';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
const installed = join(root, '.millrace/bench');

/** One chain of 40 steps that do nothing, by somebody else's engine. */
export interface PeerResult {
  name: string;
  /** Median of the chains, warm. */
  chainMs: number;
  how: string;
}

const parse = (stdout: string): { version: string; ms: number[] } =>
  JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { version: string; ms: number[] };
const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

/** In one Node.js process, on a PostgreSQL of its own with fsync on. */
const dbos = async (): Promise<PeerResult> => {
  const folder = join(installed, 'dbos');
  if (!existsSync(join(folder, 'node_modules/@dbos-inc/dbos-sdk'))) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"private":true,"type":"module"}');
    const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '@dbos-inc/dbos-sdk@5'];
    await run('npm', args, { cwd: folder, timeout: 180_000 });
  }
  const postgres = await startPostgres({ fsync: true });
  if (!postgres) throw new Error('PostgreSQL is not installed');
  try {
    const script = join(import.meta.dirname, 'dbos-chain.mjs');
    const { stdout } = await run(process.execPath, [script, folder, postgres.url], { timeout: 180_000 });
    const { version, ms } = parse(stdout);
    return {
      name: `DBOS ${version}`,
      chainMs: median(ms),
      how: 'steps are functions of one process, PostgreSQL with fsync on',
    };
  } finally {
    await postgres.stop();
  }
};

/** In one Python process, with its own temporary server on SQLite. */
const prefect = async (): Promise<PeerResult> => {
  const folder = join(installed, 'prefect');
  const python = join(folder, 'bin/python');
  if (!existsSync(join(folder, 'bin/prefect'))) {
    await run('python3', ['-m', 'venv', folder], { timeout: 120_000 });
    await run(python, ['-m', 'pip', 'install', '-q', 'prefect>=3,<4'], { timeout: 400_000 });
  }
  await using home = await temporaryDirectory();
  const { stdout } = await run(python, [join(import.meta.dirname, 'prefect_chain.py')], {
    timeout: 300_000,
    env: {
      ...process.env,
      PREFECT_HOME: home.path,
      PREFECT_LOGGING_LEVEL: 'ERROR',
      PREFECT_SERVER_ALLOW_EPHEMERAL_MODE: 'true',
      PREFECT_SERVER_ANALYTICS_ENABLED: 'false',
      PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS: '120',
      DO_NOT_TRACK: '1',
    },
  });
  const { version, ms } = parse(stdout);
  return {
    name: `Prefect ${version}`,
    chainMs: median(ms),
    how: 'tasks are functions of one process, its own temporary server on SQLite',
  };
};

/** Those that could be had. */
export const measurePeers = async (): Promise<PeerResult[]> => {
  const results: PeerResult[] = [];
  for (const [name, peer] of Object.entries({ DBOS: dbos, Prefect: prefect }))
    await peer().then(
      (result) => results.push(result),
      (error: Error) => console.warn(`${name} is left out: ${error.message.slice(0, 500)}`),
    );
  return results;
};
