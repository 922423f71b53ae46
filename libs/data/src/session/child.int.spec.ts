import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { eventually } from '@millrace/testing';
import { failure, workbench } from '../workbench.js';
import { Child } from './child-pool.js';

const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Starts a child with an endless statement, and tells its pid. */
const parent = `
  import { fork } from 'node:child_process';
  const child = fork(${JSON.stringify(join(import.meta.dirname, 'child.js'))}, { execArgv: [] });
  child.send({ id: 0, open: {} });
  child.once('message', () => {
    child.send({ id: 1, run: 'SELECT max(a.range * b.range) FROM range(100000000) a, range(100000000) b' });
    console.log(child.pid);
  });
`;

describe('the process for what comes from outside', () => {
  it('ends with its parent, whatever it is doing', async () => {
    const process_ = spawn(process.execPath, ['--input-type=module', '-e', parent], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface({ input: process_.stdout }), 'line')) as [string];
    const pid = Number(line);
    expect(alive(pid)).toBe(true);
    process_.kill('SIGKILL');
    await eventually(() => !alive(pid));
  });

  it('does not take Ctrl-C for its own', async () => {
    const child = new Child();
    child.hold();
    await child.request({ open: {} });
    process.kill(child.pid!, 'SIGINT');
    expect(await child.request({ run: 'SELECT 1 AS one' })).toMatchObject({ names: ['one'], rows: [[1]] });
    child.kill();
    expect(await failure(child.request({ run: 'SELECT 1' }))).toMatchObject({
      code: 'unavailable',
      retryable: true,
    });
  });

  it('may crash: the call fails, and the next one has another', async () => {
    await using bench = await workbench();
    const child = new Child();
    child.hold();
    await child.request({ open: {} });
    const running = failure(
      child.request({ run: 'SELECT max(a.range * b.range) FROM range(10000000) a, range(10000000) b' }),
    );
    process.kill(child.pid!, 'SIGSEGV');
    expect(await running).toMatchObject({
      code: 'data_invalid',
      message: expect.stringContaining('SIGSEGV'),
    });
    const path = await bench.file('a.csv', 'a\n1\n');
    expect((await bench.data.importFile(path, { format: 'csv' }, bench.path('out'))).rows).toBe(1);
  });
});
