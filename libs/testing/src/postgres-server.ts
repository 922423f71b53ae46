import { execFile } from 'node:child_process';
import { chown, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { TestProcess } from './child-process.js';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';
import { temporaryDirectory } from './temporary-directory.js';

const run = promisify(execFile);

/** A PostgreSQL server of the test's own. */
export interface TestPostgres extends AsyncDisposable {
  /** Of its `postgres` database. */
  readonly url: string;
  readonly pid: number;
  readonly running: boolean;
  kill(signal?: NodeJS.Signals): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const binaries = async (): Promise<string | undefined> => {
  const root = '/usr/lib/postgresql';
  const versions = await readdir(root).catch(() => [] as string[]);
  const newest = versions.toSorted((a, b) => Number(b) - Number(a))[0];
  return newest === undefined ? undefined : join(root, newest, 'bin');
};

/** PostgreSQL refuses to run as root, so root runs it as the package's own user. */
const owner = async (): Promise<{ uid: number; gid: number } | undefined> => {
  if (process.getuid?.() !== 0) return undefined;
  const id = async (flag: string) => Number((await run('id', [flag, 'postgres'])).stdout);
  return { uid: await id('-u'), gid: await id('-g') };
};

/**
 * @param o.fsync whether it waits for the disk; without, it is faster, and durable against all but a crash of the machine
 * @param o.directory where it keeps its data, where that is not to be a temporary directory
 * @returns `undefined` where PostgreSQL is not installed.
 */
export const startPostgres = async (
  o: { fsync?: boolean; directory?: string } = {},
): Promise<TestPostgres | undefined> => {
  const bin = await binaries();
  if (bin === undefined) return undefined;
  const user = await owner();
  const directory = await temporaryDirectory('millrace-postgres-');
  for (const path of [directory.path, ...(o.directory === undefined ? [] : [o.directory])])
    if (user) await chown(path, user.uid, user.gid);
  const data = join(o.directory ?? directory.path, 'data');
  const options = { cwd: directory.path, ...user };
  await run(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N'],
    options,
  );
  const port = await freePort();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const start = async (): Promise<TestProcess> => {
    const server = TestProcess.start(
      join(bin, 'postgres'),
      // Durability is PostgreSQL's own matter; tests of ours want its semantics and its speed.
      [
        '-D',
        data,
        '-p',
        String(port),
        '-h',
        '127.0.0.1',
        '-k',
        '',
        ...(o.fsync ? [] : ['-F']),
        '-c',
        'max_connections=300',
        '-c',
        'shared_buffers=32MB',
        '-c',
        'max_wal_size=256MB',
      ],
      options,
    );
    await eventually(
      async () => {
        if (!server.running) throw new Error(`postgres ended: ${server.printed}`);
        const client = new pg.Client(url);
        await client.connect();
        await client.end();
        return true;
      },
      { timeoutMs: 30_000, everyMs: 50, what: 'PostgreSQL accepting connections' },
    );
    return server;
  };
  let current = await start();
  const postgres: TestPostgres = {
    url,
    get pid() {
      return current.pid;
    },
    get running() {
      return current.running;
    },
    // SIGQUIT is PostgreSQL's immediate shutdown: like a crash, but it takes its backends along.
    kill: (signal = 'SIGQUIT') => current.kill(signal),
    restart: async () => {
      await current.kill('SIGQUIT');
      current = await start();
    },
    stop: async () => {
      await current.kill('SIGQUIT');
      await directory[Symbol.asyncDispose]();
    },
    [Symbol.asyncDispose]: () => postgres.stop(),
  };
  return postgres;
};
