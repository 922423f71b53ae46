import { runStart, type RunView } from '@millrace/contracts';
import { startService } from '@millrace/service';
import { eventually, withDatabases } from '@millrace/testing';
import { orchestratorService } from '../service.js';
import { OrchestratorProcess } from '../testing/orchestrator-process.js';
import { TestBed } from '../testing/test-bed.js';
import { effectsOf } from '../testing/test-components.js';

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
    const { run } = await bed.run(chain(8, 30));
    await eventually(() => effectsOf(run).length >= 3);
    await killable.kill();
    await killable.start();
    expectOnce(await bed.finished(run));
    expect(await bed.pendingOutbox()).toBe(0);
  }, 60_000);
});

withDatabases((database) => {
  // SQLite is for one process.
  if (database.kind === 'sqlite') return;

  it('two share the work, and one carries on alone', async () => {
    await using bed = await TestBed.start(database);
    const second = await startService(orchestratorService, { env: bed.env, logger: bed.logger });
    const { name } = await bed.submit(chain(5, 20));
    const runs: RunView[] = [];
    for (let i = 0; i < 12; i++) runs.push(await bed.call(runStart, { pipeline: name }));
    await eventually(() => effectsOf(runs[5]?.run ?? '').length >= 2);
    await second.stop();
    for (const { run } of runs) expectOnce(await bed.finished(run));
  }, 60_000);
});
