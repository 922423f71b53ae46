import { followLog, type FollowLogOptions } from '@millrace/client';
import { runLog, runStart, type RunLogEntry } from '@millrace/contracts';
import { startService } from '@millrace/service';
import { eventually, withDatabases } from '@millrace/testing';
import { orchestratorService } from '../service.js';
import { FakeWorker, fakeDescriptor } from '../testing/fake-worker.js';
import { OrchestratorProcess } from '../testing/orchestrator-process.js';
import { TestBed } from '../testing/test-bed.js';
import { talkers } from '../testing/test-components.js';

const talking =
  'name: talking\nsteps: { talk: { component: test.talk }, after: { component: test.add, after: [talk] } }';

/** Follows, and keeps what it was told. */
class Follower {
  readonly seen: RunLogEntry[] = [];
  readonly cursors: string[] = [];
  readonly ended: Promise<string>;

  constructor(bed: TestBed, run: string, options: FollowLogOptions = {}) {
    this.ended = this.follow(followLog(bed.client, run, options));
  }

  said(): string[] {
    return this.seen.filter(({ message }) => message.startsWith('line ')).map(({ message }) => message);
  }

  private async follow(pages: ReturnType<typeof followLog>): Promise<string> {
    for (;;) {
      const { done, value } = await pages.next();
      if (done) return value;
      this.seen.push(...value.items);
      this.cursors.push(value.cursor);
    }
  }
}

const lines = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => `line ${from + i}`);

withDatabases((database) => {
  describe('a log that is followed', () => {
    it('has every line once and in order, over a killed orchestrator and a restart of NATS', async () => {
      await using bed = await TestBed.start(database);
      await bed.orchestrator?.stop();
      await using killable = new OrchestratorProcess(bed);
      await killable.start();
      const { run } = await bed.run(talking);
      const talker = await eventually(() => talkers.get(run), { what: 'the step to run' });
      const say = (from: number, to: number) => lines(from, to).forEach((line) => talker?.say(line));
      const follower = new Follower(bed, run);
      const hears = (to: number) =>
        eventually(() => follower.said().length >= to, { timeoutMs: 20_000, what: `line ${to}` });

      say(1, 3);
      await hears(3);
      say(4, 6);
      await killable.kill();
      say(7, 9);
      await bed.startOrchestrator();
      say(10, 10);
      await hears(10);
      say(11, 12);
      await bed.nats.restart();
      say(13, 14);
      await hears(14);
      say(15, 17);
      talker?.end();

      expect(await follower.ended).toBe('succeeded');
      expect(follower.said()).toEqual(lines(1, 17));
      expect(follower.seen.at(-1)?.message).toBe('run succeeded');
      const kept = await bed.call(runLog, { run, after: '0' });
      expect(follower.seen).toEqual(kept.items);
      const ids = kept.items.map(({ id = 0 }) => id);
      expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));

      const cut = follower.cursors[1] ?? '';
      const later = new Follower(bed, run, { after: cut });
      expect(await later.ended).toBe('succeeded');
      expect(later.seen).toEqual(kept.items.filter(({ id = 0 }) => id > Number(cut)));
    }, 60_000);
  });

  // SQLite is for one process.
  if (database.kind === 'sqlite') return;

  it('a line that two replicas hear is kept once', async () => {
    await using bed = await TestBed.start(database);
    const second = await startService(orchestratorService, { env: bed.env, logger: bed.logger });
    await using fake = new FakeWorker(bed.client, fakeDescriptor);
    await fake.start();
    const { name } = await bed.submit('name: heard\nsteps: { it: { component: fake.step } }');
    const { run } = await bed.call(runStart, { pipeline: name });
    const task = await fake.taken({ run });
    // Whoever does not watch the run yet does so after a first sign.
    await eventually(async () => {
      fake.beat(task, { log: { level: 'info', message: `line ${Math.random()}` } });
      await bed.client.nc.flush();
      return (await bed.call(runLog, { run, after: '0' })).items.some(({ message }) =>
        message.startsWith('line'),
      );
    });
    for (const message of ['once', 'twice']) fake.beat(task, { log: { level: 'warn', message } });
    await fake.complete(task, 1);
    await bed.finished(run);
    await second.stop();
    const { items } = await bed.call(runLog, { run, after: '0', level: 'warn' });
    expect(items.map(({ message }) => message)).toEqual(['once', 'twice']);
  }, 30_000);
});
