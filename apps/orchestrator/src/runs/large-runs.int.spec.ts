import {
  lineageOfRun,
  runCompare,
  runPause,
  stepList,
  stepSearch,
  type LineageStep,
  type RunView,
  type StepQuery,
  type StepView,
} from '@millrace/contracts';
import { TestBed } from '../testing/test-bed.js';

const count = 10_000;
const pipeline = `
name: wide
params: { items: { type: array } }
steps:
  before: { component: test.add }
  each: { component: test.add, foreach: { items: '\${{ params.items }}', concurrency: 1 } }
  after: { component: test.add, after: [each] }
`;

/** Every instance but one succeeded, and gave an artifact. */
const artifact = `'{"value":{"type":"dataset","size":1000,"digest":"sha256:' || printf('%064x', position) || '"}}'`;
const asIfRun = (run: string): string[] => [
  `UPDATE step SET status = 'succeeded', attempt = 1, token = 1, worker = 'worker-1', queued_at = 1700000000000,
     started_at = 1700000000000, finished_at = 1700000000500, outputs = ${artifact}, metrics = '{"loss":0.123456789}'
     WHERE run = '${run}' AND parent IS NOT NULL`,
  `UPDATE step SET status = 'failed', outputs = NULL, error = '{"code":"internal","message":"no","retryable":false}'
     WHERE run = '${run}' AND name = 'each[9990]'`,
  `UPDATE step SET outputs = (SELECT '{"value":[' || group_concat(json_extract(outputs, '$.value')) || ']}' FROM step
     WHERE run = '${run}' AND parent IS NOT NULL) WHERE run = '${run}' AND name = 'each'`,
  `INSERT INTO lineage_step (run, step, pipeline, pipeline_version, component, component_version, status, params, inputs, outputs, at)
     SELECT run, name, 'wide', 1, component, '1.0.0', 'succeeded', '{"value":1}', '{}', outputs, 1700000000000 + position
     FROM step WHERE run = '${run}' AND outputs IS NOT NULL`,
  `INSERT INTO lineage_artifact (digest, run, step, direction, type)
     SELECT json_extract(outputs, '$.value.digest'), run, name, 'out', 'dataset'
     FROM step WHERE run = '${run}' AND outputs IS NOT NULL AND parent IS NOT NULL`,
];

// NATS carries no answer of more than 1 MiB: each call below is refused where that is passed over.
describe('a run of ten thousand items', () => {
  let bed: TestBed;
  let started: RunView;
  const all = async (query: Omit<StepQuery, 'run'> = {}): Promise<StepView[]> => {
    const steps: StepView[] = [];
    for (let after: string | undefined, more = true; more; more = after !== undefined) {
      const page = await bed.call(stepList, { run: started.run, ...query, ...(after ? { after } : {}) });
      steps.push(...page.items);
      after = page.next;
    }
    return steps;
  };

  beforeAll(async () => {
    bed = await TestBed.start();
    await bed.submit(pipeline);
    await bed.stopWorker();
    started = await bed.run(pipeline, { params: { items: Array.from({ length: count }, (_, i) => i) } });
    await bed.database(async (query) => {
      for (const sql of asIfRun(started.run)) await query(sql);
    });
  });
  afterAll(() => bed[Symbol.asyncDispose]());

  it('starts, and can be steered', async () => {
    const instances = { queued: 1, waiting: count - 1 };
    expect(started.steps).toHaveLength(1_000);
    expect(started.steps.find(({ step }) => step === 'each')).toMatchObject({ instances });
    expect(started.next).toBe('999');
    const paused = await bed.call(runPause, { run: started.run });
    expect(paused).toMatchObject({ paused: true, next: '999' });
  });

  it('is looked at: its first steps, how many instances are in which state, and where it goes on', async () => {
    const { steps, next } = await bed.get(started.run);
    expect(steps.slice(0, 4).map(({ step }) => step)).toEqual(['before', 'each', 'after', 'each[0]']);
    expect(steps.length).toBeLessThanOrEqual(1_000);
    expect(next).toBe(String(steps.length - 1));
    const each = steps.find(({ step }) => step === 'each');
    expect(each).toMatchObject({ instances: { succeeded: count - 1, failed: 1 }, shortened: ['value'] });
    expect(each?.outputs['value']).toMatchObject({
      truncated: expect.stringMatching(/^\[\{"type"/) as string,
    });
    const rest = await all({ after: String(next), limit: 1_000 });
    expect([...steps, ...rest].slice(3).map(({ step }) => step)).toEqual(
      Array.from({ length: count }, (_, i) => `each[${i}]`),
    );
  });

  it('gives the steps that are asked for', async () => {
    expect((await all({ status: 'failed' })).map(({ step }) => step)).toEqual(['each[9990]']);
    const { items } = await bed.call(stepList, { run: started.run, of: 'each', limit: 2 });
    expect(items.map(({ step }) => step)).toEqual(['each[0]', 'each[1]']);
    expect(await all({ of: 'before' })).toEqual([]);
    const found = await bed.call(stepSearch, { run: started.run, limit: 1_000 });
    expect(found.items[0]).toMatchObject({ step: 'each[9999]' });
    expect(found.next).toBeDefined();
  });

  it.each([
    [{ run: 'none' }, 'not_found'],
    [{ of: 'none' }, 'not_found'],
    [{ after: 'each[3]' }, 'invalid_request'],
    [{ status: 'lost' }, 'invalid_request'],
    [{ limit: 1_001 }, 'invalid_request'],
  ])('refuses %j', async (query, code) => {
    await expect(bed.call(stepList, { run: started.run, ...query })).rejects.toMatchObject({ code });
  });

  it('is compared: what is the same is left out', async () => {
    const same = await bed.call(runCompare, { run: started.run, other: started.run });
    expect(same).toMatchObject({ steps: [], omitted: count + 3 });
  });

  it('has its lineage, page by page', async () => {
    const seen: LineageStep[] = [];
    for (let after: string | undefined, more = true; more; more = after !== undefined) {
      const page = await bed.call(lineageOfRun, {
        run: started.run,
        limit: 1_000,
        ...(after ? { after } : {}),
      });
      seen.push(...page.steps);
      expect(page.truncated).toBe(true);
      after = page.next;
    }
    expect(new Set(seen.map(({ step }) => step)).size).toBe(count);
    expect(seen).toHaveLength(count);
  });
});
