import { approvalDecide, approvalList } from '@millrace/contracts';
import { withDatabases } from '@millrace/testing';
import { TestBed } from '../testing/test-bed.js';

const pipeline = (within = '') => `
name: careful
steps:
  ask: { approval: { by: [alice, bob], message: 'ship it?'${within} } }
  ship: { component: test.add, after: [ask] }
`;

withDatabases((database) => {
  describe('approvals', () => {
    let bed: TestBed;
    beforeAll(async () => void (bed = await TestBed.start(database)));
    afterAll(() => bed[Symbol.asyncDispose]());
    const waiting = async (run: string) =>
      (await bed.call(approvalList, {})).items.find((item) => item.run === run);

    it('wait, also over a restart, until somebody decides who may', async () => {
      const { run } = await bed.run(pipeline());
      const asked = await waiting(run);
      expect(asked).toMatchObject({
        step: 'ask',
        pipeline: 'careful',
        message: 'ship it?',
        by: ['alice', 'bob'],
      });
      await bed.orchestrator?.stop();
      await bed.startOrchestrator();
      expect(await waiting(run)).toEqual(asked);
      const verdict = { run, step: 'ask', approved: true, reason: 'fine' };
      await expect(bed.call(approvalDecide, { ...verdict, by: 'mallory' })).rejects.toMatchObject({
        code: 'forbidden',
      });
      await bed.call(approvalDecide, { ...verdict, by: 'bob' });
      const view = await bed.finished(run);
      expect(view).toMatchObject({
        status: 'succeeded',
        steps: [{ outputs: { by: 'bob', reason: 'fine' } }, {}],
      });
      expect(await waiting(run)).toBeUndefined();
      await expect(bed.call(approvalDecide, { ...verdict, by: 'bob' })).rejects.toMatchObject({
        code: 'conflict',
      });
    });

    it('are refused, by somebody or by the time', async () => {
      const { run } = await bed.run(pipeline());
      await bed.call(approvalDecide, { run, step: 'ask', approved: false, by: 'alice' });
      expect(await bed.finished(run)).toMatchObject({ status: 'failed', error: { code: 'forbidden' } });
      const late = await bed.run(pipeline(', withinMs: 1500'));
      await bed.orchestrator?.stop();
      await bed.startOrchestrator();
      expect(await bed.finished(late.run)).toMatchObject({ error: { code: 'deadline_exceeded' } });
    });

    it('are listed page by page', async () => {
      const runs = [await bed.run(pipeline()), await bed.run(pipeline()), await bed.run(pipeline())];
      const first = await bed.call(approvalList, { limit: 2 });
      expect(first.items.map(({ run }) => run)).toEqual(runs.slice(0, 2).map(({ run }) => run));
      const second = await bed.call(approvalList, { limit: 2, after: first.next ?? '' });
      expect(second.items.map(({ run }) => run)).toEqual([runs[2]?.run]);
      expect(second.next).toBeUndefined();
    });
  });
});
