import { runStart, type RunView } from '@millrace/contracts';
import { startService } from '@millrace/service';
import { eventually, withDatabases } from '@millrace/testing';
import { orchestratorService } from '../service.js';
import { effectsIn, expectWhole, family } from '../testing/families.js';
import { OrchestratorProcess } from '../testing/orchestrator-process.js';
import { TestBed } from '../testing/test-bed.js';
import { effects, effectsOf } from '../testing/test-components.js';

/** For what has no fixed time: how fast it comes is not what is tested, and machines are busy. */
const timeoutMs = 60_000;

const chain = (length: number, ms: number) =>
  `name: chain-${length}\nsteps:\n${Array.from(
    { length },
    (_, i) =>
      `  s${i}: { component: test.wait, params: { ms: ${ms} }${i === 0 ? '' : `, inputs: { a: s${i - 1}.value }`} }`,
  ).join('\n')}`;

const expectOnce = (view: RunView): void => {
  expect(view).toMatchObject({ status: 'succeeded' });
  expect(view.steps.map(({ attempt }) => attempt)).toEqual(view.steps.map(() => 1));
  expect(
    effectsOf(view.run)
      .map(({ step }) => step)
      .sort(),
  ).toEqual(view.steps.map(({ step }) => step).sort());
};

describe('orchestrator processes', () => {
  it('one that is killed goes on where it was when it is back, each effect once', async () => {
    await using bed = await TestBed.start();
    await bed.orchestrator?.stop();
    await using killable = new OrchestratorProcess(bed);
    await killable.start();
    for (const yaml of family) await bed.submit(yaml);
    const { run } = await bed.run(chain(8, 30));
    const { run: top } = await bed.run(family[2] ?? '');
    await eventually(() => effectsOf(run).length >= 3, { timeoutMs });
    await killable.kill();
    await killable.start();
    expectOnce(await bed.finished(run, timeoutMs));
    const views = await expectWhole(bed, top);
    // What the second of the same did came from the cache.
    expect(effectsIn(views)).toEqual(['leaf/clean', 'leaf/make', 'middle/more', 'middle/more', 'top/last']);
    expect(await bed.pendingOutbox()).toBe(0);
  }, 180_000);
});

/** How many of a component were ever at work at once, by what they did themselves. */
const mostAtOnce = (runs: readonly string[]): number => {
  const mine = effects.filter(({ run }) => runs.includes(run));
  const changes = mine.map(({ what, at }) => ({ at, by: what === 'begun' ? 1 : -1 }));
  let now = 0;
  return Math.max(...changes.sort((a, b) => a.at - b.at || a.by - b.by).map(({ by }) => (now += by)));
};

withDatabases((database) => {
  it('keep to the limit of a component, whichever of them is killed', async () => {
    await using bed = await TestBed.start(database, {
      COMPONENT_CONCURRENCY: 'test.wait=3',
      RECONCILE_MS: '100',
    });
    await bed.orchestrator?.stop();
    const replicas = database.kind === 'sqlite' ? 1 : 2;
    const processes = Array.from({ length: replicas }, () => new OrchestratorProcess(bed));
    for (const one of processes) await one.start();
    try {
      const wide = Array.from({ length: 6 }, (_, i) => `s${i}: { component: test.wait, params: { ms: 20 } }`);
      await bed.submit(`name: wide\nsteps: { ${wide.join(', ')} }`);
      const runs: string[] = [];
      for (let i = 0; i < 8; i++) runs.push((await bed.call(runStart, { pipeline: 'wide' })).run);
      const done = () => runs.flatMap((run) => effectsOf(run)).length;
      let mostOut = 0;
      const look = async () => {
        const [row] = await bed.database((query) =>
          query<{ n: unknown }>("SELECT count(*) AS n FROM step WHERE status IN ('queued', 'running')"),
        );
        mostOut = Math.max(mostOut, Number(row?.n));
      };
      const doneAtLeast = (n: number) =>
        eventually(async () => (await look(), done() >= n), { timeoutMs, what: `${n} of them to be done` });
      for (const [i, one] of processes.entries()) {
        await doneAtLeast(8 * (i + 1));
        await one.kill();
        // What the killed one had taken from the queue is delivered to the other after the acknowledgement wait.
        if (replicas > 1) await doneAtLeast(8 * (i + 1) + 4);
        await look();
        await one.start();
      }
      for (const run of runs) expectOnce(await bed.finished(run, timeoutMs));
      expect(mostOut).toBeLessThanOrEqual(3);
      expect(mostAtOnce(runs)).toBeLessThanOrEqual(3);
    } finally {
      for (const one of processes) await one.kill();
    }
  }, 240_000);

  // SQLite is for one process.
  if (database.kind === 'sqlite') return;

  it('two share the work, and one carries on alone', async () => {
    await using bed = await TestBed.start(database);
    const second = await startService(orchestratorService, { env: bed.env, logger: bed.logger });
    const { name } = await bed.submit(chain(5, 20));
    const runs: RunView[] = [];
    for (let i = 0; i < 12; i++) runs.push(await bed.call(runStart, { pipeline: name }));
    await eventually(() => effectsOf(runs[5]?.run ?? '').length >= 2, { timeoutMs });
    await second.stop();
    for (const { run } of runs) expectOnce(await bed.finished(run, timeoutMs));
  }, 180_000);
});
