import { join } from 'node:path';
import { eventually } from '@millrace/testing';
import { line, openBench, type Bench } from '../testing/bench.js';
import { putLine } from '../testing/models.js';

describe('replicas', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
    bench.deployment.want('line', 1, await putLine(bench.artifacts, 2));
  });
  afterEach(() => bench?.[Symbol.asyncDispose]());

  const start = (id: string, more: Record<string, string> = {}) =>
    bench.start({ REPLICA_ID: id, DATA_DIR: join(bench.directory.path, id), ...more });
  const reported = (id: string) =>
    eventually(() =>
      bench.deployment.reports.some(({ replica, state }) => replica === id && state === 'ready'),
    );

  it('are restarted one after the other without a failed request', async () => {
    const replicas = [await start('r1'), await start('r2')];
    await Promise.all([reported('r1'), reported('r2')]);
    let asking = true;
    let answered = 0;
    const callers = Array.from({ length: 8 }, async () => {
      while (asking) {
        expect((await bench.infer('line', line(answered))).outputs[0]!.data).toHaveLength(1);
        answered += 1;
      }
    });
    for (const [i, replica] of replicas.entries()) {
      await replica.stop();
      const before = answered;
      await eventually(() => answered > before + 100);
      await start(`new-${i}`);
      await reported(`new-${i}`);
    }
    asking = false;
    await Promise.all(callers);
    expect(answered).toBeGreaterThan(200);
  });

  it('refuse at once what is over the bound of a model’s queue, and go on', async () => {
    await start('r1', { MAX_QUEUED: '4' });
    await bench.settled();
    const outcomes = await Promise.all(
      Array.from({ length: 300 }, (_, i) =>
        bench.infer('line', line(i)).then(
          ({ outputs }) => outputs[0]!.data![0] === 2 * i + 1,
          ({ code, retryable }: { code: string; retryable: boolean }) => `${code} ${retryable}`,
        ),
      ),
    );
    expect(new Set(outcomes)).toEqual(new Set([true, 'overloaded true']));
    expect((await bench.infer('line', line(1))).outputs[0]!.data).toEqual([3]);
  });
});
