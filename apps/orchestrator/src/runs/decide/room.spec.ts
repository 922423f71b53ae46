import { issued, play } from '../../testing/play.js';
import type { Command } from './command.js';

const names = (commands: Command[]): string[] => issued(commands).map(({ step }) => step);
/** With so much room at every moment; nobody else asks for it. */
const narrow = (
  room: number,
  needs: number[][],
  more?: Parameters<typeof play>[1],
  run?: Parameters<typeof play>[2],
) => play(needs, more, run, () => room);

describe('decide: room', () => {
  it('goes to as many as there is room for, by priority and then in turn', () => {
    const own: Record<number, number> = { 1: 9, 3: 6, 4: 0 };
    const run = narrow(3, [[], [], [], [], []], (step) =>
      own[step] === undefined ? {} : { priority: own[step] },
    );
    expect(names(run.begin())).toEqual(['s1', 's3', 's0']);
    expect(run.state.steps.map(({ heldAt }) => heldAt)).toEqual([
      undefined,
      undefined,
      1_000,
      undefined,
      1_000,
    ]);
  });

  it('asks for the priority of the run where a step says none', () => {
    const run = narrow(1, [[], []], (step) => (step === 0 ? { priority: 2 } : {}), { priority: 3 });
    expect(names(run.begin())).toEqual(['s1']);
  });

  it('of the step that ends is there for the one that follows', () => {
    const run = play([[], [0]], undefined, {}, () => 1 - run.out());
    run.begin();
    expect(names(run.complete(0, 1))).toEqual(['s1']);
  });

  it('may be none: the step has no token and no deadline, and says so once', () => {
    const run = narrow(0, [[], []]);
    expect(run.begin()).toEqual([]);
    expect(run.state.steps).toMatchObject([
      { status: 'waiting', token: 0, attempt: 0, heldAt: 1_000 },
      { status: 'waiting', token: 0, attempt: 0, heldAt: 1_000 },
    ]);
    expect(run.state.steps.map(({ deadline, dueAt }) => deadline ?? dueAt)).toEqual([undefined, undefined]);
    expect(run.notes.filter((note) => note.includes('room'))).toEqual([
      "waits for room: as many tasks of 'test.any' are out as may be",
    ]);
    const day = 86_400_000;
    expect(issued(run.tell({ type: 'room.granted', step: 1 }))).toMatchObject([
      { step: 's1', token: 1, attempt: 1, deadline: 2_000 + day + 1_000 },
    ]);
    expect(run.tell({ type: 'room.granted', step: 1 })).toEqual([]);
    expect(names(run.tell({ type: 'room.granted', step: 0 }))).toEqual(['s0']);
  });

  it('is kept by what is issued again, and asked for again by a retry', () => {
    const run = play(
      [[]],
      () => ({ retry: { attempts: 3, backoffMs: 10 } }),
      {},
      () => 1 - run.out(),
    );
    run.begin();
    run.room = () => -Infinity;
    expect(issued(run.tell({ type: 'lease.lapsed', step: 0, token: 1 }))).toMatchObject([{ token: 2 }]);
    run.fail(0, 2);
    expect(run.tell({ type: 'retry.due', step: 0, attempt: 1 })).toEqual([]);
    expect(run.state.steps).toMatchObject([{ status: 'waiting', attempt: 1, heldAt: 4_000 }]);
    expect(issued(run.tell({ type: 'room.granted', step: 0 }))).toMatchObject([{ token: 3, attempt: 2 }]);
  });

  it('is waited for within the time for all attempts', () => {
    const run = narrow(0, [[], [0]], () => ({ stepTimeoutMs: 2_500, retry: { attempts: 9 } }));
    run.begin();
    expect(run.state.steps[0]).toMatchObject({ giveUpAt: 3_500, dueAt: 3_500 });
    const early = run.state;
    run.tell({ type: 'retry.due', step: 0, attempt: 0 });
    expect(run.state.steps[0]).toEqual(early.steps[0]);
    run.tell({ type: 'cancel.asked' });
    const late = narrow(0, [[]], () => ({ stepTimeoutMs: 500 }));
    late.begin();
    late.tell({ type: 'retry.due', step: 0, attempt: 0 });
    expect(late.state).toMatchObject({
      status: 'failed',
      error: {
        code: 'deadline_exceeded',
        message: "step 's0': there was no room for another task of 'test.any' within 500 ms",
      },
    });
  });

  it('that comes too late changes nothing any more', () => {
    const run = narrow(0, [[]], () => ({ stepTimeoutMs: 500 }));
    run.begin();
    expect(names(run.tell({ type: 'room.granted', step: 0 }))).toEqual([]);
    expect(run.statuses()).toEqual(['failed']);
  });

  it('is not needed by what the cache has', () => {
    const run = narrow(0, [[], []], () => ({ cache: 'yes' }));
    expect(run.begin().map(({ type }) => type)).toEqual(['consult-cache', 'consult-cache']);
    const hit = { outputs: { value: 1 }, metrics: {} };
    run.tell({ type: 'cache.answered', step: 0, reason: 'so', hit });
    run.tell({ type: 'cache.answered', step: 1, reason: 'so' });
    const { state } = run;
    expect(run.statuses()).toEqual(['cached', 'waiting']);
    expect(run.tell({ type: 'cache.answered', step: 1, reason: 'again' })).toEqual([]);
    expect(run.state.steps).toEqual(state.steps);
    run.tell({ type: 'room.granted', step: 1 });
    expect(run.complete(1, 1)).toMatchObject([{ type: 'keep-result' }, { type: 'finish-run' }]);
  });

  it('is nothing to wait for in a pause, nor after a cancellation', () => {
    const run = narrow(0, [[], []], (step) => (step === 0 ? { retry: { attempts: 2 } } : {}));
    run.begin();
    run.tell({ type: 'pause.asked' });
    expect(run.state.steps.map(({ heldAt }) => heldAt)).toEqual([undefined, undefined]);
    expect(run.tell({ type: 'room.granted', step: 0 })).toEqual([]);
    expect(run.tell({ type: 'retry.due', step: 0, attempt: 0 })).toEqual([]);
    expect(run.tell({ type: 'unpause.asked' })).toEqual([]);
    expect(run.state.steps.map(({ heldAt }) => heldAt)).toEqual([5_000, 5_000]);
    expect(run.tell({ type: 'cancel.asked' })).toEqual([{ type: 'finish-run', status: 'cancelled' }]);
    expect(run.tell({ type: 'room.granted', step: 0 })).toEqual([]);
    run.room = () => Infinity;
    expect(names(run.tell({ type: 'resume.asked' }))).toEqual(['s0', 's1']);
  });

  it('is waited for in one of the places that instances have', () => {
    const foreach = { items: [1, 2, 3], as: 'item', concurrency: 2 };
    const run = play(
      [[]],
      () => ({ foreach }),
      {},
      () => 1 - run.out(),
    );
    expect(names(run.begin())).toEqual(['s0[0]']);
    expect(run.state.steps.map(({ heldAt }) => heldAt !== undefined)).toEqual([false, false, true, false]);
    run.room = () => -Infinity;
    expect(names(run.complete(1, 1))).toEqual([]);
    expect(run.state.steps.map(({ heldAt }) => heldAt)).toEqual([undefined, undefined, 1_000, 2_000]);
  });
});
