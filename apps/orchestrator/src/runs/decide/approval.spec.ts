import { issued, play } from '../../testing/play.js';

const approval = {
  kind: 'approval',
  component: 'approval',
  approval: { by: ['alice', 'bob'], withinMs: 5_000 },
} as const;
const asked = () => {
  const run = play([[], [0]], (step) => (step === 0 ? { ...approval, outputs: {} } : { inputs: [] }));
  run.begin();
  return run;
};

describe('decide: approvals', () => {
  it('waits for one who may, and goes on with who and why', () => {
    const run = asked();
    expect(run.state.steps[0]).toMatchObject({ status: 'running', token: 0, dueAt: 6_000 });
    const { state } = run;
    run.tell({ type: 'approval.decided', step: 0, approved: true, by: 'mallory' });
    run.complete(0, 0);
    expect(run.state).toBe(state);
    const commands = run.tell({
      type: 'approval.decided',
      step: 0,
      approved: true,
      by: 'bob',
      reason: 'fine',
    });
    expect(issued(commands)).toMatchObject([{ step: 's1' }]);
    expect(run.state.steps[0]).toMatchObject({ status: 'succeeded', outputs: { by: 'bob', reason: 'fine' } });
    expect(run.tell({ type: 'approval.decided', step: 0, approved: false, by: 'bob' })).toEqual([]);
  });

  it('fails when it is refused', () => {
    const run = asked();
    run.tell({ type: 'approval.decided', step: 0, approved: false, by: 'alice', reason: 'too dear' });
    expect(run.state.error).toMatchObject({
      code: 'forbidden',
      message: "step 's0': refused by 'alice': too dear",
    });
  });

  it('fails when nobody decides in time, paused or not, and asks again when resumed', () => {
    const run = asked();
    run.tell({ type: 'pause.asked' });
    run.tell({ type: 'retry.due', step: 0, attempt: 0 });
    expect(run.state.steps[0]?.status).toBe('running');
    run.tell({ type: 'retry.due', step: 0, attempt: 1 });
    expect(run.state.error).toMatchObject({ code: 'deadline_exceeded' });
    run.tell({ type: 'resume.asked' });
    expect(run.state.steps[0]).toMatchObject({ status: 'running', attempt: 2, dueAt: expect.any(Number) });
    expect(run.tell({ type: 'retry.due', step: 0, attempt: 1 })).toEqual([]);
    expect(run.state.status).toBe('running');
  });

  it('is cancelled without a worker to tell', () => {
    expect(asked().tell({ type: 'cancel.asked' })).toEqual([{ type: 'finish-run', status: 'cancelled' }]);
  });
});
