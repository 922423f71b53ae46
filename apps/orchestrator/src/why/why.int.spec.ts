import { stepWhy } from '@millrace/contracts';
import { withDatabases } from '@millrace/testing';
import { TestBed } from '../testing/test-bed.js';

const pipeline = `
name: asked
params: { text: { type: string } }
steps:
  write: { component: test.write, params: { text: '\${{ params.text }}' } }
  copy: { component: test.copy, inputs: { dataset: write.dataset }, params: { suffix: '!' } }
  add: { component: test.add }
`;

withDatabases((database) => {
  describe('why a step was run', () => {
    let bed: TestBed;
    beforeAll(async () => void (bed = await TestBed.start(database)));
    afterAll(() => bed[Symbol.asyncDispose]());
    const done = async (text: string, cache = true): Promise<string> => {
      const { run } = await bed.run(pipeline, { params: { text }, cache });
      await bed.finished(run);
      return run;
    };
    const why = (run: string, step: string) => bed.call(stepWhy, { run, step });

    it('says who did the same, and what was different where nobody did', async () => {
      const first = await done('a');
      expect(await why(first, 'write')).toMatchObject({ status: 'succeeded', cache: 'miss' });
      const second = await done('a');
      const hit = await why(second, 'write');
      expect(hit).toMatchObject({
        status: 'cached',
        cache: 'hit',
        reason: expect.stringContaining(first) as string,
      });
      const third = await done('b');
      expect(await why(third, 'write')).toMatchObject({
        cache: 'miss',
        comparedWith: second,
        differences: [{ what: 'params.text', now: '"b"', before: '"a"' }],
      });
      const copy = await why(third, 'copy');
      expect(copy.differences).toEqual([
        {
          what: 'inputs.dataset',
          now: expect.stringMatching(/^dataset sha256:/) as string,
          before: expect.stringMatching(/^dataset sha256:/) as string,
        },
      ]);
    });

    it('says why the cache was not asked', async () => {
      const run = await done('a', false);
      expect(await why(run, 'add')).toMatchObject({
        cache: 'not asked',
        reason: 'its component is not deterministic',
      });
      const off = await why(run, 'write');
      expect(off).toMatchObject({ cache: 'not asked', key: expect.any(String) as string });
      expect(off.reason).toContain('off for this run');
    });

    it('knows no step that is not there', async () => {
      await expect(why('no', 'write')).rejects.toMatchObject({ code: 'not_found' });
    });
  });
});
