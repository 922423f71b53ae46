import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, freePort, TestProcess } from '@millrace/testing';
import type { Closers } from '../closers.js';
import { checkAnswer, oneRow } from '../requests.js';
import { install } from './install.js';
import type { PeerSpec } from './peers.js';

/** The models as files, and what they should say of the one row. */
export type PeerModels = Record<string, { file: string; expected: readonly number[] }>;

export const inferPath = (model: string): string => `/v2/models/${model}/infer`;

const startTimeoutMs = 60_000;

/** MLServer takes its settings from the folder that it is started in. */
const writeMlserverSettings = (folder: string, port: number, ports: number[], file: string): void => {
  const [grpc_port, metrics_port] = ports;
  const settings = {
    host: '127.0.0.1',
    http_port: port,
    grpc_port,
    metrics_port,
    debug: false,
    parallel_workers: 2,
  };
  writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings));
  const model = { name: 'mlp', implementation: 'mlserver_runtime.OnnxRuntime', parameters: { uri: file } };
  writeFileSync(join(folder, 'model-settings.json'), JSON.stringify(model));
};

/** Asks until the right answer comes: a server that says it is ready may have workers that are not. */
const untilRight = (title: string, port: number, models: PeerModels): Promise<unknown> =>
  eventually(
    async () => {
      for (const [model, { expected }] of Object.entries(models)) {
        const headers = { 'Content-Type': 'application/json' };
        const url = `http://127.0.0.1:${port}${inferPath(model)}`;
        const response = await fetch(url, { method: 'POST', headers, body: oneRow });
        checkAnswer(title, new Uint8Array(await response.arrayBuffer()), expected);
      }
      return true;
    },
    { timeoutMs: startTimeoutMs, everyMs: 200, what: `${title} answering` },
  );

/** @returns its port, when it gives the right answers. @throws when it cannot be installed or started in time */
export const startPeer = async (
  spec: PeerSpec,
  models: PeerModels,
  directory: string,
  closers: Closers,
): Promise<number> => {
  const python = await install(spec);
  const port = await freePort();
  const folder = join(directory, spec.title.replaceAll(/\W/g, '-'));
  mkdirSync(folder, { recursive: true });
  const served = Object.fromEntries(Object.entries(models).filter(([name]) => spec.trees || name === 'mlp'));
  const { file } = models['mlp']!;
  writeMlserverSettings(folder, port, [await freePort(), await freePort()], file);
  const [command, ...args] = spec.command(python, port) as [string, ...string[]];
  const server = TestProcess.start(command, args, {
    cwd: folder,
    // A group of its own: these servers have workers, and some leave them behind.
    detached: true,
    env: {
      ...{ PATH: `${join(python, '..')}:${process.env['PATH']}`, HOME: folder, PYTHONUNBUFFERED: '1' },
      ...{ PYTHONPATH: import.meta.dirname, PYTHONDONTWRITEBYTECODE: '1', PORT: String(port), MODEL: file },
      MODELS: JSON.stringify(Object.fromEntries(Object.entries(served).map(([name, of]) => [name, of.file]))),
      ...spec.env,
    },
  });
  const killAll = (): void => {
    try {
      process.kill(-server.pid, 'SIGKILL');
    } catch {
      // Nobody of the group is left.
    }
  };
  process.once('exit', killAll);
  closers.defer(async () => {
    const force = setTimeout(killAll, 8_000);
    await server.kill();
    clearTimeout(force);
    killAll();
    process.removeListener('exit', killAll);
  });
  await Promise.race([untilRight(spec.title, port, served), ended(server)]).catch((error: Error) => {
    throw new Error(`${error.message}\n${server.printed.slice(-600)}`);
  });
  return port;
};

const ended = async (server: TestProcess): Promise<never> => {
  await eventually(() => !server.running, { timeoutMs: startTimeoutMs, everyMs: 200, what: 'the start' });
  throw new Error('it ended');
};
