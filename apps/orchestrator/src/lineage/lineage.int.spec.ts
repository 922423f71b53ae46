import { lineageGet, lineageOfRun, type ArtifactRef, type RunView } from '@millrace/contracts';
import { withDatabases } from '@millrace/testing';
import { TestBed } from '../testing/test-bed.js';

const pipeline = (text: string) => `
name: made
steps:
  write: { component: test.write, params: { text: '${text}' } }
  copy: { component: test.copy, inputs: { dataset: write.dataset }, params: { suffix: '-copied' } }
  more: { component: test.copy, inputs: { dataset: copy.dataset }, params: { suffix: '-again' } }
  aside: { component: test.add, params: { value: 1 } }
`;
const digestOf = (run: RunView, step: string): string =>
  (run.steps.find((one) => one.step === step)?.outputs['dataset'] as ArtifactRef).digest;

withDatabases((database) => {
  describe('lineage', () => {
    let bed: TestBed;
    beforeAll(async () => void (bed = await TestBed.start(database)));
    afterAll(() => bed[Symbol.asyncDispose]());

    const made = async (text: string): Promise<RunView> => bed.finished((await bed.run(pipeline(text))).run);

    it('leads from an artifact to the steps, code and data that it came from, and to what it went into', async () => {
      const run = await made('one');
      const digest = digestOf(run, 'copy');
      const both = await bed.call(lineageGet, { digest });
      expect(both.truncated).toBe(false);
      expect(both.steps.map(({ step }) => step)).toEqual(['write', 'copy', 'more']);
      expect(both.steps[1]).toMatchObject({
        run: run.run,
        pipeline: 'made',
        pipelineVersion: run.pipelineVersion,
        component: 'test.copy',
        componentVersion: '1.0.0',
        status: 'succeeded',
        params: { suffix: '-copied' },
        inputs: { dataset: { digest: digestOf(run, 'write'), type: 'dataset' } },
        outputs: { dataset: { digest } },
      });
      expect(new Set(both.artifacts.map((artifact) => artifact.digest))).toEqual(
        new Set(['write', 'copy', 'more'].map((step) => digestOf(run, step))),
      );
      const names = async (direction: 'up' | 'down', depth?: number) =>
        (await bed.call(lineageGet, { digest, direction, ...(depth ? { depth } : {}) })).steps.map(
          ({ step }) => step,
        );
      expect(await names('up')).toEqual(['write', 'copy']);
      expect(await names('down')).toEqual(['more']);
      expect(await names('up', 1)).toEqual(['copy']);
    });

    it('knows every run that gave or took the same, from the cache too', async () => {
      const first = await made('two');
      const second = await made('two');
      expect(second.steps.map(({ status }) => status)).toEqual(['cached', 'succeeded', 'cached', 'cached']);
      const up = await bed.call(lineageGet, { digest: digestOf(first, 'write'), direction: 'up' });
      expect(up.steps.map(({ run, status }) => [run, status])).toEqual([
        [first.run, 'succeeded'],
        [second.run, 'cached'],
      ]);
    });

    it('is there for a whole run, without the steps that touch no artifact', async () => {
      const { run } = await made('three');
      const lineage = await bed.call(lineageOfRun, { run });
      expect(lineage.steps.map(({ step }) => step).sort()).toEqual(['copy', 'more', 'write']);
    });

    it('knows each instance of a step', async () => {
      const yaml = `
name: several
steps:
  each:
    component: test.write
    foreach: { items: [x, y], as: item }
    params: { text: 'made of \${{ item }}' }
`;
      const { run } = await bed.run(yaml);
      await bed.finished(run);
      const { steps } = await bed.call(lineageOfRun, { run });
      expect(
        steps.filter(({ step }) => step.includes('[')).map(({ step, params }) => [step, params]),
      ).toEqual(
        expect.arrayContaining([
          ['each[0]', { text: 'made of x' }],
          ['each[1]', { text: 'made of y' }],
        ]),
      );
      const [first] = steps.filter(({ step }) => step === 'each[0]');
      const { digest } = first?.outputs['dataset'] as ArtifactRef;
      const up = await bed.call(lineageGet, { digest, direction: 'up' });
      expect(up.steps.map(({ step }) => step)).toContain('each[0]');
    });

    it('says when it did not go on', async () => {
      const run = await made('four');
      const short = await bed.call(lineageGet, { digest: digestOf(run, 'more'), direction: 'up', depth: 2 });
      expect(short).toMatchObject({ truncated: true, steps: [{ step: 'copy' }, { step: 'more' }] });
    });

    it('refuses what is no digest, and knows what it does not know', async () => {
      await expect(bed.call(lineageGet, { digest: '../etc' })).rejects.toMatchObject({
        code: 'invalid_request',
        details: { fields: [{ field: 'digest' }] },
      });
      await expect(bed.call(lineageGet, { digest: `sha256:${'0'.repeat(64)}` })).rejects.toMatchObject({
        code: 'not_found',
      });
      await expect(bed.call(lineageOfRun, { run: "x' OR 1=1" })).rejects.toMatchObject({ code: 'not_found' });
    });
  });
});
