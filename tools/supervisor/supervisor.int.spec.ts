import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { eventually, temporaryDirectory, type TemporaryDirectory } from '@millrace/testing';
import { runningState, startAll, type SupervisorEvent, type SupervisorState } from './index.mjs';

const fixture = pathToFileURL(join(import.meta.dirname, '__fixtures__/service.mjs')).href;
const here = import.meta.dirname;

const alive = (pid: number | undefined): boolean => {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('the supervisor', () => {
  let directory: TemporaryDirectory;
  let root: string;
  let stateDir: string;

  beforeEach(async () => {
    directory = await temporaryDirectory();
    root = directory.path;
    stateDir = join(root, '.millrace');
    for (const name of ['alpha', 'gateway']) {
      mkdirSync(join(root, 'apps', name, 'dist'), { recursive: true });
      const nx = { tags: ['type:app'] };
      const manifest = { type: 'module', exports: { '.': { default: './dist/service.js' } }, nx };
      writeFileSync(join(root, 'apps', name, 'package.json'), JSON.stringify(manifest));
      writeFileSync(join(root, 'apps', name, 'dist/main.js'), `await import(${JSON.stringify(fixture)});`);
    }
    mkdirSync(join(stateDir, 'data'), { recursive: true });
  });
  afterEach(() => directory[Symbol.asyncDispose]());

  it('starts all, starts again what is killed, and stops in an orderly way', async () => {
    const events: SupervisorEvent[] = [];
    const millrace = await startAll({ root, stateDir, onEvent: (event) => events.push(event) });
    expect([...millrace.services.keys()]).toEqual(['alpha', 'gateway']);
    expect(millrace.gatewayUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(millrace.grpcAddress).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(runningState(stateDir)).toMatchObject({
      state: 'ready',
      natsUrl: millrace.natsUrl,
      pid: process.pid,
    });

    const alpha = millrace.services.get('alpha')!;
    const first = alpha.pid;
    await alpha.kill('SIGKILL');
    await eventually(() => alpha.pid !== undefined && alpha.pid !== first);
    await millrace.ready();
    expect(events.filter(({ type }) => type === 'restarted')).toHaveLength(1);

    await millrace.nats!.kill('SIGKILL');
    await eventually(() => millrace.nats!.pid !== undefined);
    await millrace.ready();

    const second = alpha.pid!;
    await alpha.restart();
    const pids = [alpha.pid, millrace.services.get('gateway')!.pid, millrace.nats!.pid];
    expect(pids.every(alive)).toBe(true);
    await millrace.stop();
    expect(pids.some(alive)).toBe(false);
    expect(readFileSync(join(stateDir, 'data/alpha.ended'), 'utf8')).toBe(`${second}\n${pids[0]}\n`);
    expect(runningState(stateDir)).toBeUndefined();
  });

  it('stops everything even when its state directory was deleted', async () => {
    const millrace = await startAll({ root, stateDir, only: ['alpha'] });
    const pids = [millrace.services.get('alpha')!.pid, millrace.nats!.pid];
    rmSync(stateDir, { recursive: true });
    await millrace.stop();
    expect(pids.some(alive)).toBe(false);
  });

  it('refuses a second one on the same state and says who runs', async () => {
    await using millrace = await startAll({ root, stateDir, only: ['alpha'] });
    await expect(startAll({ root, stateDir })).rejects.toMatchObject({
      code: 'ALREADY_RUNNING',
      running: { pid: process.pid },
    });
    expect(millrace.services.get('alpha')!.pid).toBeDefined();
  });

  it('names the service that does not become ready, and why', async () => {
    const starting = startAll({
      root,
      stateDir,
      serviceEnv: { alpha: { STATUS: 'unready' } },
      readyTimeoutMs: 2_000,
    });
    await expect(starting).rejects.toThrow('alpha is not ready: sea: rough');
    expect(runningState(stateDir)).toBeUndefined();
  });

  it('gives up early on a service that dies again and again, and shows why', async () => {
    writeFileSync(join(root, 'apps/alpha/dist/main.js'), 'throw new Error("a part is missing");');
    const startedAt = performance.now();
    await expect(startAll({ root, stateDir })).rejects.toThrow(/alpha is not ready[\s\S]*a part is missing/);
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });

  it('refuses a port for the gateway that somebody has, rather than taking another', async () => {
    const somebody = createServer().listen(0, '127.0.0.1');
    await once(somebody, 'listening');
    const { port } = somebody.address() as AddressInfo;
    await expect(startAll({ root, stateDir, gatewayPort: port })).rejects.toThrow(
      `port ${port}, asked for the gateway, is in use`,
    );
    expect(runningState(stateDir)).toBeUndefined();
    somebody.close();
  });

  it('refuses a name that no service has', async () => {
    await expect(startAll({ root, stateDir, only: ['alfa'] })).rejects.toThrow(
      'no such service: alfa (there are alpha',
    );
  });

  it('leaves nothing behind when it is killed itself', async () => {
    const program = `
      import { startAll } from ${JSON.stringify(pathToFileURL(join(here, 'index.mjs')).href)};
      await startAll({ root: ${JSON.stringify(root)}, stateDir: ${JSON.stringify(stateDir)} });`;
    const supervisor = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore' });
    const state = await eventually<SupervisorState | false>(
      () => {
        const running = runningState(stateDir);
        return running?.state === 'ready' && running;
      },
      { timeoutMs: 20_000 },
    );
    const pids = state.services.map(({ pid }) => pid);
    expect(pids.every(alive)).toBe(true);
    supervisor.kill('SIGKILL');
    await eventually(() => !pids.some(alive));
    expect(existsSync(join(stateDir, 'data/alpha.ended'))).toBe(true);
    const port = Number(new URL(state.natsUrl!).port);
    const { greetingOf } = await import('../nats/greeting.mjs');
    await eventually(
      () =>
        greetingOf(`127.0.0.1:${port}`, 500).then(
          () => false,
          () => true,
        ),
      { timeoutMs: 15_000 },
    );
  }, 40_000);
});
