import { existsSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { delimiter, join, resolve } from 'node:path';
import { TestProcess } from './child-process.js';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';
import { temporaryDirectory } from './temporary-directory.js';

/** A nats-server of the test's own, on a free loopback port. */
export interface TestNats extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  readonly running: boolean;
  /** Where JetStream keeps what it has. */
  readonly storeDirectory: string;
  /** Ends it and waits until it is gone. `SIGSTOP` and `SIGCONT` pass without waiting. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same port with what its directory holds. */
  restart(): Promise<void>;
  /** Kills it, deletes its JetStream directory and starts it again. */
  wipeJetStream(): Promise<void>;
  stop(): Promise<void>;
}

const binary = (): string => {
  const candidates = [
    process.env['NATS_SERVER_BIN'],
    ...(process.env['PATH'] ?? '').split(delimiter).map((directory) => join(directory, 'nats-server')),
    '/usr/sbin/nats-server',
    resolve(import.meta.dirname, '../../../.millrace/bin/nats-server'),
  ];
  const found = candidates.find((path) => path !== undefined && path !== '' && existsSync(path));
  if (found === undefined)
    throw new Error('no nats-server: install one, or set NATS_SERVER_BIN (`npm test` does it)');
  return found;
};

const accepts = (port: number): Promise<true> =>
  new Promise((resolveConnected, reject) => {
    const socket = connect(port, '127.0.0.1');
    // The server greets with INFO; only then is it ready for clients.
    socket.once('data', () => (socket.destroy(), resolveConnected(true)));
    socket.once('error', reject);
    socket.setTimeout(1_000, () => (socket.destroy(), reject(new Error('no greeting'))));
  });

/**
 * Starts a real nats-server with JetStream in a temporary directory.
 * @param options.config more lines for its configuration file
 * @param options.storeDirectory of JetStream, where it is not to be in that directory
 */
export const startNats = async (
  options: { jetstream?: boolean; config?: string; storeDirectory?: string } = {},
): Promise<TestNats> => {
  const directory = await temporaryDirectory('millrace-nats-');
  const port = await freePort();
  const config = join(directory.path, 'nats.conf');
  const store = options.storeDirectory ?? join(directory.path, 'jetstream');
  writeFileSync(
    config,
    [
      `listen: "127.0.0.1:${port}"`,
      options.jetstream === false ? '' : `jetstream { store_dir: "${store}", max_mem: 64MB, max_file: 2GB }`,
      options.config ?? '',
    ].join('\n'),
  );
  const start = async (): Promise<TestProcess> => {
    const started = TestProcess.start(binary(), ['-c', config]);
    await eventually(
      () => {
        if (!started.running) throw new Error(`nats-server ended: ${started.printed}`);
        return accepts(port);
      },
      { timeoutMs: 10_000, what: 'nats-server accepting connections' },
    );
    return started;
  };
  let current = await start();
  const nats: TestNats = {
    url: `nats://127.0.0.1:${port}`,
    get pid() {
      return current.pid;
    },
    get running() {
      return current.running;
    },
    storeDirectory: store,
    kill: (signal = 'SIGKILL') => current.kill(signal),
    restart: async () => {
      await current.kill('SIGKILL');
      current = await start();
    },
    wipeJetStream: async () => {
      await current.kill('SIGKILL');
      await rm(store, { recursive: true, force: true });
      current = await start();
    },
    stop: async () => {
      await current.kill('SIGKILL');
      await directory[Symbol.asyncDispose]();
    },
    [Symbol.asyncDispose]: () => nats.stop(),
  };
  return nats;
};
