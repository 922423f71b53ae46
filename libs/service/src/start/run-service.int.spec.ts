import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { connectNats, MessagingClient } from '@millrace/messaging';
import { eventually, freePort, startNats, type TestNats } from '@millrace/testing';

const root = join(import.meta.dirname, '../../../..');
const main = join(import.meta.dirname, '__fixtures__/main.ts');

/** The service as a process of its own, and what it printed. */
class Run {
  stdout = '';
  stderr = '';
  private readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; signal: string | null }>;

  constructor(env: Record<string, string>) {
    this.child = spawn(
      process.execPath,
      ['--conditions=@millrace/source', '--import=@swc-node/register/esm-register', main],
      { cwd: root, env: { PATH: process.env['PATH'], TS_NODE_PROJECT: 'tsconfig.base.json', ...env } },
    );
    this.child.stdout?.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    this.child.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.ended = once(this.child, 'close').then(([code, signal]) => ({ code, signal }));
  }

  async says(text: string): Promise<void> {
    await eventually(() => this.stdout.includes(text) || this.stderr.includes(text), {
      timeoutMs: 20_000,
      what: `printing '${text}'`,
    });
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}

describe('runService', () => {
  let nats: TestNats;
  let client: MessagingClient;
  const ask = (operation: string) =>
    client.requestRaw(`millrace.v1.stubborn.work.${operation}`, Buffer.from('{}'), { timeoutMs: 10_000 });

  beforeAll(async () => {
    nats = await startNats();
    client = new MessagingClient(await connectNats({ url: nats.url, name: 'test' }));
  });
  afterAll(async () => {
    await client.nc.close();
    await nats.stop();
  });

  it('answers what it accepted before a SIGTERM, and exits 0', async () => {
    const run = new Run({ NATS_URL: nats.url, WORK_MS: '500' });
    await run.says('"started"');
    const answer = ask('do');
    await run.says('working');
    run.kill('SIGTERM');
    expect(JSON.parse(Buffer.from((await answer).data).toString())).toEqual({ done: true });
    expect(await run.ended).toEqual({ code: 0, signal: null });
    await expect(ask('do')).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('gives up a stop that hangs after its time, says where, and exits 1', async () => {
    const run = new Run({ NATS_URL: nats.url, HANG: 'true', SHUTDOWN_TIMEOUT_MS: '300' });
    await run.says('"started"');
    run.kill('SIGINT');
    expect((await run.ended).code).toBe(1);
    expect(run.stdout).toContain('not stopped within 300 ms: still closing the application');
  });

  it('leaves at once when told twice', async () => {
    const run = new Run({ NATS_URL: nats.url, HANG: 'true', SHUTDOWN_TIMEOUT_MS: '60000' });
    await run.says('"started"');
    run.kill('SIGTERM');
    await run.says('"stopping"');
    run.kill('SIGTERM');
    expect((await run.ended).code).toBe(143);
  });

  it('can be stopped while it waits for NATS', async () => {
    const run = new Run({ NATS_URL: `nats://127.0.0.1:${await freePort()}` });
    await run.says('NATS is away');
    run.kill('SIGTERM');
    expect(await run.ended).toEqual({ code: 0, signal: null });
  });

  it('stops in time while NATS is away', async () => {
    await using own = await startNats();
    const run = new Run({ NATS_URL: own.url });
    await run.says('"started"');
    await own.kill();
    run.kill('SIGTERM');
    expect(await run.ended).toEqual({ code: 0, signal: null });
  });

  it('names every wrong setting on one line, without a stack, and exits 1', async () => {
    const run = new Run({ NATS_URL: nats.url, WORK_MS: 'soon', HANG: 'perhaps' });
    expect((await run.ended).code).toBe(1);
    expect(run.stdout).toBe('');
    expect(run.stderr).toBe(
      "stubborn cannot start: WORK_MS must be an integer number (is 'soon'); HANG must be a boolean value (is 'perhaps')\n",
    );
  });

  it('names a port that is taken', async () => {
    const port = new URL(nats.url).port;
    const run = new Run({ NATS_URL: nats.url, HEALTH_PORT: port });
    expect((await run.ended).code).toBe(1);
    expect(run.stderr).toBe(`stubborn cannot start: HEALTH_PORT: 127.0.0.1:${port} is in use\n`);
  });

  it('does not live on after an error that nobody caught', async () => {
    const run = new Run({ NATS_URL: nats.url });
    await run.says('"started"');
    await ask('crash');
    expect((await run.ended).code).toBe(1);
    expect(run.stdout).toContain('unhandled rejection: nobody caught me');
  });
});
