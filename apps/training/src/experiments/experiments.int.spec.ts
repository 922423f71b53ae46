import { eventually, withDatabases } from '@millrace/testing';
import { openBench } from '../testing/bench.js';

const digest = `sha256:${'a'.repeat(64)}`;
const experiment = (step: string, createdAt: number) => ({
  id: `run.${step}`,
  run: 'run',
  step,
  estimator: 'logistic',
  params: { l2: 1 },
  metrics: { auc: 0.75, 'train.logLoss': 0.5 },
  curve: [{ iteration: 1, loss: 0.6, gradient: 0.1 }],
  inputs: { train: digest },
  model: { type: 'model' as const, digest, size: 10 },
  durationMs: 1234,
  createdAt,
});

withDatabases((database) => {
  describe('experiments', () => {
    let bench: Awaited<ReturnType<typeof openBench>>;
    beforeAll(async () => {
      bench = await openBench(await database.fresh());
    });
    afterAll(() => bench[Symbol.asyncDispose]());

    it('come back as they were recorded', async () => {
      const { createdAt, ...rest } = experiment('one', 1_700_000_000_123);
      await bench.experiments.record({ ...rest, createdAt });
      expect(await bench.experiments.get({ id: 'run.one' })).toEqual({
        ...rest,
        createdAt: '2023-11-14T22:13:20.123Z',
      });
    });

    it('are one per step, the last attempt’s', async () => {
      await bench.experiments.record(experiment('again', 1));
      await bench.experiments.record({ ...experiment('again', 2), metrics: { auc: 0.8 } });
      expect((await bench.experiments.get({ id: 'run.again' })).metrics).toEqual({ auc: 0.8 });
    });

    it('are listed newest first, page by page, also those of one moment', async () => {
      for (const step of ['a', 'b', 'c', 'd'])
        await bench.experiments.record(experiment(step, 9_000_000_000_000));
      const seen: string[] = [];
      let after: string | undefined;
      await eventually(async () => {
        const page = await bench.experiments.list({ limit: 2, ...(after === undefined ? {} : { after }) });
        expect(page.items.length).toBeLessThanOrEqual(2);
        seen.push(...page.items.map(({ step }) => step));
        after = page.next;
        return after === undefined;
      });
      expect(seen).toEqual(['d', 'c', 'b', 'a', 'one', 'again']);
    });

    it('of an unknown id are not found, and a made-up page is refused', async () => {
      await expect(bench.experiments.get({ id: 'nobody' })).rejects.toMatchObject({ code: 'not_found' });
      await expect(bench.experiments.list({ after: 'x' })).rejects.toMatchObject({
        code: 'invalid_request',
        details: { fields: [{ field: 'after' }] },
      });
    });
  });
});
