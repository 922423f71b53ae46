import type { PlannedStep } from '../../definition/plan.js';
import { compileCel } from '@millrace/pipeline/cel';
import { issued, play } from '../../testing/play.js';

const final = { code: 'data_invalid', retryable: false } as const;
const names = (commands: Parameters<typeof issued>[0]) => issued(commands).map(({ step }) => step);

/** Two steps, then one on failure and one in any case. */
const ending = (more: Record<number, Partial<PlannedStep>> = {}) =>
  play([[], [0], [], []], (step) => ({
    ...(step === 2 ? { phase: 'onFailure' as const } : {}),
    ...(step === 3 ? { phase: 'finally' as const } : {}),
    ...more[step],
  }));

describe('decide: onFailure and finally', () => {
  it('runs what runs in any case at the end of a success, and nothing else', () => {
    const run = ending();
    expect(names(run.begin())).toEqual(['s0']);
    run.complete(0, 1);
    expect(names(run.complete(1, 1))).toEqual(['s3']);
    expect(run.complete(3, 1)).toEqual([{ type: 'finish-run', status: 'succeeded' }]);
    expect(run.statuses()).toEqual(['succeeded', 'succeeded', 'skipped', 'succeeded']);
  });

  it('runs both after a failure, one after the other, and tells them of it', () => {
    const run = ending({
      2: { params: { text: '${{ run.failedStep }}: ${{ run.error.code }}' } },
      3: { params: { status: '${{ run.status }}' } },
    });
    run.begin();
    expect(issued(run.fail(0, 1, final))).toMatchObject([
      { step: 's2', params: { text: 's0: data_invalid' } },
    ]);
    expect(issued(run.complete(2, 1))).toMatchObject([{ step: 's3', params: { status: 'failed' } }]);
    run.complete(3, 1);
    expect(run.state).toMatchObject({ status: 'failed', error: { code: 'data_invalid' } });
  });

  it('runs what runs in any case after a cancellation, until that is cancelled, too', () => {
    const run = ending();
    run.begin();
    const commands = run.tell({ type: 'cancel.asked' });
    expect(commands[0]).toEqual({ type: 'cancel-task', step: 0, token: 1 });
    expect(names(commands)).toEqual(['s3']);
    expect(run.state.status).toBe('running');
    run.tell({ type: 'cancel.asked' });
    expect(run.state.status).toBe('cancelled');
  });

  it('fails when only what runs at the end fails', () => {
    const run = ending();
    run.begin();
    run.complete(0, 1);
    run.complete(1, 1);
    run.fail(3, 1, final);
    expect(run.state).toMatchObject({ status: 'failed', error: { message: "step 's3': no" } });
  });

  it('runs what runs at the end again after a resume', () => {
    const run = ending();
    run.begin();
    run.fail(0, 1, final);
    run.complete(2, 1);
    run.complete(3, 1);
    expect(names(run.tell({ type: 'resume.asked' }))).toEqual(['s0']);
    run.complete(0, 2);
    expect(names(run.complete(1, 1))).toEqual(['s3']);
    run.complete(3, 2);
    expect(run.state.status).toBe('succeeded');
  });

  it('runs nothing on failure where nothing failed, also not when it was cancelled at its end and is resumed', () => {
    const run = ending();
    run.begin();
    run.complete(0, 1);
    run.complete(1, 1);
    run.tell({ type: 'cancel.asked' });
    expect(run.state.status).toBe('cancelled');
    expect(run.tell({ type: 'step.retry-asked', step: 2 })).toEqual([]);
    expect(names(run.tell({ type: 'resume.asked' }))).toEqual(['s3']);
    run.complete(3, 2);
    expect(run.state.status).toBe('succeeded');
    expect(run.statuses()[2]).toBe('skipped');
  });

  it('tries what runs on failure again by hand when it was cancelled there', () => {
    const run = ending({ 1: { needs: [] } });
    run.begin();
    run.complete(1, 1);
    run.fail(0, 1, final);
    run.tell({ type: 'cancel.asked' });
    run.tell({ type: 'cancel.asked' });
    expect(run.state.status).toBe('cancelled');
    expect(names(run.tell({ type: 'step.retry-asked', step: 2 }))).toEqual(['s2']);
  });

  it('skips what is done as several, and was opened again, when what it needs fails this time', () => {
    const run = play([[], [0]], (step) => ({
      phase: 'finally' as const,
      ...(step === 1 ? { foreach: { items: [1, 2], as: 'item', concurrency: 2 } } : {}),
    }));
    run.begin();
    run.complete(0, 1);
    run.complete(2, 1);
    run.fail(3, 1, final);
    expect(run.state.status).toBe('failed');
    expect(names(run.tell({ type: 'resume.asked' }))).toEqual(['s0']);
    run.fail(0, 2, final);
    expect(run.statuses()).toEqual(['failed', 'skipped', 'skipped', 'skipped']);
    expect(run.state.status).toBe('failed');
    // By hand, all of it once more.
    expect(names(run.tell({ type: 'step.retry-asked', step: 0 }))).toEqual(['s0']);
    expect(names(run.complete(0, 3))).toEqual(['s1[0]', 's1[1]']);
    run.complete(2, 2);
    run.complete(3, 2);
    expect(run.state.status).toBe('succeeded');
  });

  it('does not go back once it is at its end', () => {
    const run = ending();
    run.begin();
    run.fail(0, 1, final);
    expect(run.tell({ type: 'step.retry-asked', step: 0 })).toEqual([]);
  });

  it('has conditions and waits for a pause', () => {
    const run = ending({ 3: { when: compileCel('run.status == "failed"') } });
    run.begin();
    run.complete(0, 1);
    run.tell({ type: 'pause.asked' });
    run.complete(1, 1);
    expect(run.state.status).toBe('running');
    run.tell({ type: 'unpause.asked' });
    expect(run.statuses()[3]).toBe('skipped');
    expect(run.state.status).toBe('succeeded');
  });
});
