import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { atLeast } from '../nats/binary.mjs';
import { greetingOf } from '../nats/greeting.mjs';
import { freePort } from './ports.mjs';
import { SupervisedProcess } from './process.mjs';

/**
 * nats-server on a free loopback port, JetStream in a directory of its own.
 *
 * `sync_interval`: the databases are the truth and unfinished work is published again from them, so a lost JetStream write
 * costs time, not data. An fsync per message (`always`) would cost milliseconds at each step of a run. One per second costs
 * nothing to speak of and bounds what a power failure takes along; the server's own default is two minutes. Before 2.10
 * the setting did not exist, and such a server refuses to start with it.
 */
const configuration = ({ port, store, version }) =>
  [
    `listen: "127.0.0.1:${port}"`,
    'jetstream {',
    `  store_dir: ${JSON.stringify(store)}`,
    '  max_mem: 64MB',
    '  max_file: 8GB',
    ...(atLeast(version, 2, 10) ? ['  sync_interval: "1s"'] : []),
    '}',
    '',
  ].join('\n');

export const startNatsServer = async ({ binary, version, stateDir, port: preferred, ...options }) => {
  const port = await freePort(preferred);
  const store = join(stateDir, 'nats');
  const config = join(stateDir, 'nats.conf');
  mkdirSync(store, { recursive: true });
  writeFileSync(config, configuration({ port, store, version }));
  const url = `nats://127.0.0.1:${port}`;
  const server = new NatsServer({
    name: 'nats-server',
    command: binary,
    args: ['-c', config],
    logFile: join(stateDir, 'logs', 'nats-server.log'),
    whenReady: () => accepts(url, server),
    ...options,
  });
  server.start();
  await accepts(url, server);
  return { server, url, port };
};

const accepts = async (url, server, withinMs = 15_000) => {
  const end = Date.now() + withinMs;
  for (;;)
    try {
      return await greetingOf(url, 1_000);
    } catch (error) {
      if (Date.now() > end || (!server.running && !server.options.autoRestart))
        throw new Error(`nats-server does not start: ${error.message}\n${server.tail()}`, { cause: error });
      await wait(20);
    }
};

/** Seconds that services have to drain before their road is taken away, should the supervisor be killed. */
const drainSeconds = 3;
const guardScript = [
  'while read -r line; do :; done',
  `sleep ${drainSeconds}; kill -TERM "$1"`,
  'for i in 1 2 3 4 5; do kill -0 "$1" || exit 0; sleep 1; done; kill -KILL "$1"',
].join('; ');

/** nats-server takes no notice of its standard input, so a shell watches for the end of the supervisor in its stead. */
class NatsServer extends SupervisedProcess {
  start(type) {
    const child = super.start(type);
    if (process.platform === 'win32' || child.pid === undefined) return child;
    const guard = spawn('sh', ['-c', guardScript, 'millrace-nats-guard', String(child.pid)], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    guard.once('error', () => {});
    child.once('exit', () => guard.kill('SIGKILL'));
    return child;
  }
}
