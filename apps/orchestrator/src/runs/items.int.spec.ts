import {
  lineageGet,
  replayGet,
  runReplay,
  stepWhy,
  type ArtifactRef,
  type RunView,
} from '@millrace/contracts';
import { withDatabases } from '@millrace/testing';
import { TestBed } from '../testing/test-bed.js';
import { effectsOf } from '../testing/test-components.js';

const pipeline = (text: string) => `
name: parts
params: { suffix: { type: string, default: '!' } }
steps:
  write: { component: test.write, params: { text: ${text} } }
  words: { component: test.words, inputs: { dataset: write.dataset } }
  mark:
    component: test.copy
    foreach: { items: '\${{ steps.words.outputs.words }}', as: word, concurrency: 2 }
    inputs: { dataset: word }
    params: { suffix: '\${{ params.suffix }}' }
  again:
    component: test.copy
    foreach: { items: [one, two] }
    inputs: { dataset: 'mark.dataset[index]' }
    params: { suffix: '-\${{ item }}' }
  join: { component: test.join, inputs: { datasets: [mark.dataset, again.dataset, write.dataset] } }
`;
const outputOf = (run: RunView, step: string, port: string) =>
  run.steps.find((one) => one.step === step)?.outputs[port];
const digestOf = (run: RunView, step: string): string =>
  (outputOf(run, step, 'dataset') as ArtifactRef).digest;
const statusOf = (run: RunView) => Object.fromEntries(run.steps.map(({ step, status }) => [step, status]));

withDatabases((database) => {
  describe('artifacts as items and in lists', () => {
    let bed: TestBed;
    beforeAll(async () => void (bed = await TestBed.start(database)));
    afterAll(() => bed[Symbol.asyncDispose]());

    const made = async (text: string, more = {}): Promise<RunView> =>
      bed.finished((await bed.run(pipeline(text), more)).run);

    it('reach the instances one by one, and what joins them all together', async () => {
      const run = await made('a b');
      expect(run).toMatchObject({ status: 'succeeded' });
      expect(outputOf(run, 'join', 'text')).toBe('a! b! a!-one b!-two a b');
    });

    it('come from the cache as long as all of them are there, in the same order', async () => {
      await made('c d');
      const second = await made('c d');
      expect(new Set(Object.entries(statusOf(second)).filter(([step]) => step.includes('[')))).toEqual(
        new Set(['mark[0]', 'mark[1]', 'again[0]', 'again[1]'].map((step) => [step, 'cached'])),
      );
      expect(statusOf(second)).toMatchObject({ words: 'cached', join: 'cached' });
      expect(statusOf(await made('d c'))).toMatchObject({ 'mark[0]': 'cached', join: 'succeeded' });
      await bed.removeArtifact('d');
      const third = await made('c d');
      expect(third.status).toBe('succeeded');
      expect(statusOf(third)).toMatchObject({ words: 'succeeded', 'mark[0]': 'cached' });
      const { reason } = await bed.call(stepWhy, { run: third.run, step: 'words' });
      expect(reason).toMatch(/of what it gave dataset|of what it gave file/);
    });

    it('tell which of them is another one', async () => {
      await made('e f');
      const run = await made('e g');
      expect(await bed.call(stepWhy, { run: run.run, step: 'mark[0]' })).toMatchObject({ cache: 'hit' });
      expect(await bed.call(stepWhy, { run: run.run, step: 'mark[1]' })).toMatchObject({
        cache: 'miss',
        differences: [{ what: 'inputs.dataset' }],
      });
      expect(await bed.call(stepWhy, { run: run.run, step: 'join' })).toMatchObject({
        differences: [{ what: 'inputs.datasets' }],
      });
    });

    it('are known to lineage, each by itself', async () => {
      const run = await made('h i');
      const up = await bed.call(lineageGet, { digest: digestOf(run, 'join'), direction: 'up' });
      expect([...new Set(up.steps.map(({ step }) => step))]).toEqual(
        expect.arrayContaining(['write', 'words', 'mark[0]', 'mark[1]', 'again[0]', 'again[1]', 'join']),
      );
      const down = await bed.call(lineageGet, { digest: digestOf(run, 'mark[1]'), direction: 'down' });
      expect(down.steps.map(({ step }) => step)).toEqual(expect.arrayContaining(['again[1]', 'join']));
      expect(down.steps.map(({ step }) => step)).not.toContain('again[0]');
    });

    it('are kept by a replay, and must be there for it', async () => {
      const first = await made('j k');
      const { run } = await bed.call(runReplay, { run: first.run, from: ['join'] });
      expect(await bed.finished(run)).toMatchObject({ status: 'succeeded' });
      expect(effectsOf(run)).toEqual([]);
      expect(await bed.call(replayGet, { run })).toMatchObject({
        kept: ['write', 'words', 'mark', 'again'],
        comparison: { verdict: 'same' },
      });
      const other = await bed.call(runReplay, { run: first.run, params: { suffix: '?' } });
      expect(outputOf(await bed.finished(other.run), 'join', 'text')).toBe('j? k? j?-one k?-two j k');
      await bed.removeDigest(digestOf(first, 'mark[1]'));
      await expect(bed.call(runReplay, { run: first.run, from: ['join'] })).rejects.toMatchObject({
        code: 'conflict',
        details: { step: 'mark' },
      });
    });

    it('that a step of the run before did not give fail only what needs them', async () => {
      const run = await made('alone');
      expect(run.status).toBe('failed');
      expect(run.steps.find(({ step }) => step === 'again[1]')?.error?.message).toBe(
        "'mark.dataset' has 1 items, and none at [1]",
      );
      expect(statusOf(run)).toMatchObject({ 'again[0]': 'succeeded', again: 'failed', join: 'skipped' });
    });

    it('cannot name a secret on their way', async () => {
      const { run } = await bed.run(
        `
name: posing
params: { items: { type: array, default: [] } }
steps:
  each:
    component: test.login
    foreach: { items: '\${{ params.items }}' }
    params: { password: '\${{ item }}' }
`,
        { params: { items: [{ $secret: 'warehouse' }] } },
      );
      const view = await bed.finished(run);
      expect(view).toMatchObject({ status: 'failed', error: { code: 'invalid_request' } });
      expect(view.error?.message).toContain('a value may not name a secret');
    });
  });
});
