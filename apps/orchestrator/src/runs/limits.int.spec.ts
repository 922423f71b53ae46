import { runLog } from '@millrace/contracts';
import { withDatabases } from '@millrace/testing';
import { TestBed } from '../testing/test-bed.js';
import { effectsOf } from '../testing/test-components.js';

const one = (name: string, step: string) => `name: ${name}\nsteps: { it: { ${step} } }`;

withDatabases((database) => {
  describe('retries, limits and cache policies', () => {
    let bed: TestBed;
    beforeAll(
      async () => void (bed = await TestBed.start(database, { TIMEOUT_GRACE_MS: '100', RECONCILE_MS: '50' })),
    );
    afterAll(() => bed[Symbol.asyncDispose]());
    const failing = 'component: test.fail, params: { times: 2 }, ';

    it('waits as long as the policy says, and tries again only after the codes that it names', async () => {
      const retry = 'attempts: 3, backoffMs: 50, factor: 6, maxBackoffMs: 300, jitter: false';
      const { run } = await bed.run(one('patient', `${failing} retry: { ${retry}, on: [internal] }`));
      expect(await bed.finished(run)).toMatchObject({ status: 'succeeded', steps: [{ attempt: 3 }] });
      const [first = 0, second = 0, third = 0] = effectsOf(run, 'begun').map(({ at }) => at);
      expect(second - first).toBeGreaterThanOrEqual(49);
      expect(third - second).toBeGreaterThanOrEqual(299);
      const other = await bed.run(one('choosy', `${failing} retry: { ${retry}, on: [unavailable] }`));
      expect(await bed.finished(other.run)).toMatchObject({ status: 'failed', steps: [{ attempt: 1 }] });
    });

    it('ends all attempts at the limit of the step', async () => {
      const { run } = await bed.run(
        one(
          'bounded',
          'component: test.wait, params: { ms: 60000 }, timeoutMs: 100, stepTimeoutMs: 2000, retry: { attempts: 50, backoffMs: 0, on: [deadline_exceeded] }',
        ),
      );
      const view = await bed.finished(run);
      expect(view.error).toMatchObject({ code: 'deadline_exceeded' });
      expect(view.error?.message).toMatch(/no time is left for another attempt within 2000 ms/);
      // Time for a score of them: also where each takes several times as long as it should.
      expect(view.steps[0]?.attempt).toBeGreaterThanOrEqual(2);
      const { createdAt, finishedAt = '' } = view;
      expect(Date.parse(finishedAt) - Date.parse(createdAt)).toBeGreaterThanOrEqual(1_990);
    });

    it('refreshes a cached result, and takes only what is young enough', async () => {
      const write = (cache: string) =>
        one('kept', `component: test.write, params: { text: fresh-${database.kind} }, cache: ${cache}`);
      const statusOf = async (cache: string) => {
        const { run } = await bed.run(write(cache));
        const [step] = (await bed.finished(run)).steps;
        return { run, status: step?.status };
      };
      expect((await statusOf('true')).status).toBe('succeeded');
      expect((await statusOf('refresh')).status).toBe('succeeded');
      expect((await statusOf('{ ttlMs: 3600000 }')).status).toBe('cached');
      const stale = await statusOf('{ ttlMs: 1 }');
      expect(stale.status).toBe('succeeded');
      const { items } = await bed.call(runLog, { run: stale.run });
      expect(items.map(({ message }) => message).join()).toMatch(/cache miss: .* more than 1 ms ago/);
    });
  });
});
