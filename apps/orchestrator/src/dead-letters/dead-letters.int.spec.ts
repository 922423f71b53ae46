import { deadLetterGet, deadLetterList, deadLetterRequeue, type RunView } from '@millrace/contracts';
import { withDatabases } from '@millrace/testing';
import { TestBed } from '../testing/test-bed.js';

const pipeline = (name: string, params: string) => `
name: ${name}
steps:
  first: { component: test.add, params: { value: 4 } }
  boom: { component: test.fail, after: [first], params: ${params} }
  after: { component: test.add, after: [boom] }
`;

withDatabases((database) => {
  describe('dead letters', () => {
    let bed: TestBed;
    beforeAll(async () => void (bed = await TestBed.start(database)));
    afterAll(() => bed[Symbol.asyncDispose]());
    const done = async (yaml: string): Promise<RunView> => bed.finished((await bed.run(yaml)).run);

    it('are the steps that failed for good, those of the newest run first, page by page', async () => {
      const runs = [];
      for (const name of ['one', 'two', 'three'])
        runs.push(await done(pipeline(name, '{ retryable: false, times: 1 }')));
      const first = await bed.call(deadLetterList, { limit: 2 });
      const second = await bed.call(deadLetterList, { limit: 2, after: String(first.next) });
      expect([...first.items, ...second.items].map(({ run, step }) => [run, step])).toEqual(
        [...runs].reverse().map(({ run }) => [run, 'boom']),
      );
      expect(first.items[0]).toMatchObject({
        pipeline: 'three',
        runStatus: 'failed',
        component: 'test.fail',
        attempts: 1,
        error: { code: 'internal', message: 'attempt 1 fails' },
        worker: expect.any(String) as string,
        failedAt: expect.any(String) as string,
      });
      const only = await bed.call(deadLetterList, {
        pipeline: 'two',
        component: 'test.fail',
        code: 'internal',
      });
      expect(only.items).toMatchObject([{ pipeline: 'two' }]);
      expect((await bed.call(deadLetterList, { code: 'gate_failed' })).items).toEqual([]);
    });

    it('show what the step was given and what was said of it', async () => {
      const { run } = await done(pipeline('shown', '{ retryable: false, times: 3 }'));
      const letter = await bed.call(deadLetterGet, { run, step: 'boom' });
      expect(letter).toMatchObject({
        componentVersion: '1.0.0',
        params: { retryable: false, times: 3 },
        inputs: {},
      });
      expect(letter.log.map(({ message }) => message)).toContain('failed: attempt 1 fails (internal)');
    });

    it('go on when they are queued again, and what was skipped with them', async () => {
      const { run } = await done(pipeline('again', '{ retryable: false, times: 1 }'));
      await bed.call(deadLetterRequeue, { run, step: 'boom' });
      const view = await bed.finished(run);
      expect(view).toMatchObject({
        status: 'succeeded',
        steps: [
          { attempt: 1 },
          { step: 'boom', status: 'succeeded' },
          { step: 'after', status: 'succeeded' },
        ],
      });
      await expect(bed.call(deadLetterGet, { run, step: 'boom' })).rejects.toMatchObject({
        code: 'not_found',
      });
    });

    it('are no steps that did not fail', async () => {
      const { run } = await done(pipeline('refused', '{ retryable: false, times: 1 }'));
      for (const step of ['first', 'after', 'none'])
        await expect(bed.call(deadLetterRequeue, { run, step })).rejects.toMatchObject({ code: 'not_found' });
      await expect(bed.call(deadLetterList, { code: 'x' as 'internal' })).rejects.toMatchObject({
        code: 'invalid_request',
        details: { fields: [{ field: 'code' }] },
      });
    });
  });
});
