import type { PlannedStep } from '../../definition/plan.js';
import { planOfNeeds } from '../../testing/plans.js';
import { play } from '../../testing/play.js';
import type { Command } from './command.js';
import { decide } from './decide.js';
import { newRun } from './state.js';

const other = { kind: 'pipeline', component: 'pipeline', pipeline: 'other' } as const;
const runs =
  (more: Partial<PlannedStep> = {}) =>
  (step: number): Partial<PlannedStep> =>
    step === 0 ? { ...other, retry: { attempts: 1 }, ...more } : {};
const no = { code: 'data_invalid', message: 'no', retryable: true } as const;

/** A run whose first step is another run. */
const playChild = (needs: number[][], more?: Partial<PlannedStep>, last?: (step: number) => object) => {
  const game = play(needs, (step) => ({ ...runs(more)(step), ...last?.(step) }));
  return {
    ...game,
    get state() {
      return game.state;
    },
    get own() {
      return game.state.steps[0];
    },
    prepared: (child: string, attempt = 1, goesOn = false) =>
      game.tell({ type: 'child.prepared', step: 0, attempt, child, goesOn }),
    ended: (child: string, end: object, attempt = 1) =>
      game.tell({ type: 'child.finished', step: 0, attempt, child, ...end } as Parameters<
        typeof game.tell
      >[0]),
  };
};
const tells = (commands: Command[]) =>
  commands.flatMap((command) => (command.type === 'tell-run' ? [[command.run, command.message]] : []));

describe('a step that runs another pipeline', () => {
  it('asks for a run, waits for it, and gives what that gave', () => {
    const game = playChild([[], [0]], { params: { rows: 5 } });
    expect(game.begin()).toEqual([{ type: 'prepare-child', step: 0, attempt: 1, params: { rows: 5 } }]);
    expect(game.prepared('c1')).toEqual([{ type: 'begin-child', step: 0, child: 'c1' }]);
    expect(game.own).toMatchObject({ status: 'running', token: 0, attempt: 1, child: 'c1' });
    const [next] = game.ended('c1', { status: 'succeeded', outputs: { value: 7 } });
    expect(next).toMatchObject({ type: 'issue-task', step: 1, task: { inputs: { from0: 7 } } });
  });

  it('fails with the run that failed, and says which', () => {
    const game = playChild([[]]);
    game.begin();
    game.prepared('c1');
    game.ended('c1', { status: 'failed', error: { ...no, message: "step 'fit': no" } });
    expect(game.state).toMatchObject({
      status: 'failed',
      error: {
        code: 'data_invalid',
        message: "step 's0': run c1 of 'other': step 'fit': no",
        details: { run: 'c1' },
      },
    });
  });

  it('fails where there can be no such run', () => {
    const game = playChild([[]]);
    game.begin();
    game.tell({ type: 'child.finished', step: 0, attempt: 1, status: 'failed', error: no });
    expect(game.state.error?.message).toBe("step 's0': 'other': no");
  });

  it('fails when somebody cancels that run, and that is not tried again', () => {
    const game = playChild([[]], { retry: { attempts: 3 } });
    game.begin();
    game.prepared('c1');
    game.ended('c1', { status: 'cancelled' });
    expect(game.state.error).toMatchObject({
      code: 'cancelled',
      message: "step 's0': run c1 of 'other' was cancelled",
    });
  });

  it('is tried again with a new run, where its policy says so', () => {
    const game = playChild([[]], { retry: { attempts: 2, backoffMs: 10 } });
    game.begin();
    game.prepared('c1');
    expect(game.ended('c1', { status: 'failed', error: no })).toMatchObject([
      { type: 'schedule-retry', attempt: 1 },
    ]);
    expect(game.tell({ type: 'retry.due', step: 0, attempt: 1 })).toEqual([
      { type: 'prepare-child', step: 0, attempt: 2, params: {} },
    ]);
    game.prepared('c2', 2);
    expect(game.ended('c1', { status: 'failed', error: no })).toEqual([]);
    game.ended('c2', { status: 'failed', error: no }, 2);
    expect(game.state).toMatchObject({ status: 'failed', error: { details: { run: 'c2' } } });
  });

  it('passes a pause on, and its end, also to a run that was just being prepared', () => {
    const game = playChild([[]]);
    game.begin();
    expect(game.tell({ type: 'pause.asked' })).toEqual([]);
    expect(tells(game.prepared('c1'))).toEqual([['c1', { type: 'pause.asked' }]]);
    expect(tells(game.tell({ type: 'unpause.asked' }))).toEqual([['c1', { type: 'unpause.asked' }]]);
  });

  it('has its run stopped after its limit, waits for that, and may be tried again', () => {
    const game = playChild([[]], { timeoutMs: 5_000, retry: { attempts: 2 } });
    game.begin();
    game.prepared('c1');
    expect(tells(game.tell({ type: 'retry.due', step: 0, attempt: 1 }))).toEqual([
      ['c1', { type: 'cancel.asked', all: false }],
    ]);
    expect(game.own).toMatchObject({ status: 'running', stopping: 'time-out' });
    game.ended('c1', { status: 'cancelled' });
    expect(game.own).toMatchObject({
      status: 'waiting',
      error: { code: 'deadline_exceeded', message: "run c1 of 'other' was not done within 5000 ms" },
    });
  });
});

describe('a cancellation', () => {
  const withEnd = () => playChild([[], []], {}, (step) => (step === 1 ? { phase: 'finally' } : {}));

  it('goes down, and is at its end when what is below is: then runs what runs in any case', () => {
    const game = withEnd();
    game.begin();
    game.prepared('c1');
    expect(tells(game.tell({ type: 'cancel.asked' }))).toEqual([
      ['c1', { type: 'cancel.asked', all: false }],
    ]);
    expect(game.statuses()).toEqual(['running', 'waiting']);
    expect(game.ended('c1', { status: 'cancelled' })).toMatchObject([{ type: 'issue-task', step: 1 }]);
    expect(game.statuses()).toEqual(['cancelled', 'queued']);
  });

  it('asked once more ends what runs in any case, here and below, once', () => {
    const game = withEnd();
    game.begin();
    game.prepared('c1');
    game.tell({ type: 'cancel.asked' });
    expect(tells(game.tell({ type: 'cancel.asked' }))).toEqual([['c1', { type: 'cancel.asked', all: true }]]);
    expect(tells(game.tell({ type: 'cancel.asked' }))).toEqual([]);
    game.ended('c1', { status: 'cancelled' });
    expect(game.state.status).toBe('cancelled');
  });

  it('comes too late for what has succeeded', () => {
    const game = playChild([[]]);
    game.begin();
    game.prepared('c1');
    game.tell({ type: 'cancel.asked' });
    game.ended('c1', { status: 'succeeded', outputs: { value: 1 } });
    expect(game.state.status).toBe('succeeded');
  });

  it('of a step whose run is only being prepared begins none', () => {
    const game = playChild([[]]);
    game.begin();
    game.tell({ type: 'cancel.asked' });
    expect(game.state.status).toBe('cancelled');
    expect(game.prepared('c1')).toEqual([]);
  });
});

describe('opened again', () => {
  const failed = () => {
    const game = playChild([[]]);
    game.begin();
    game.prepared('c1');
    game.ended('c1', { status: 'failed', error: no });
    return game;
  };

  it('by resuming, the step goes on with the run that it had', () => {
    const game = failed();
    expect(game.tell({ type: 'resume.asked' })).toEqual([
      { type: 'prepare-child', step: 0, attempt: 2, params: {}, before: 'c1' },
    ]);
    expect(game.prepared('c1', 2, true)).toEqual([
      { type: 'tell-run', run: 'c1', message: { type: 'resume.asked', attempt: 2 } },
    ]);
    expect(game.ended('c1', { status: 'failed', error: no })).toEqual([]);
    game.ended('c1', { status: 'succeeded', outputs: { value: 1 } }, 2);
    expect(game.state.status).toBe('succeeded');
  });

  it('takes what that run gave, where somebody has brought it to a good end meanwhile', () => {
    const game = failed();
    game.tell({ type: 'resume.asked' });
    game.ended('c1', { status: 'succeeded', outputs: { value: 1 } }, 2);
    expect(game.own).toMatchObject({ status: 'succeeded', child: 'c1', outputs: { value: 1 } });
  });

  it('by hand, the step begins anew', () => {
    const game = failed();
    expect(game.tell({ type: 'step.retry-asked', step: 0 })).toEqual([
      { type: 'prepare-child', step: 0, attempt: 2, params: {} },
    ]);
  });
});

describe('a run that was begun for a step', () => {
  const parent = { run: 'p', step: 'sub', attempt: 1 };
  const child = (outputs: object = { value: 5 }) => {
    const plan = planOfNeeds([[], []], (step) => (step === 1 ? { phase: 'finally' } : {}));
    let state = newRun({ run: 'c', plan, params: {}, useCache: true, parent });
    const tell = (event: object) => {
      const decision = decide(state, { at: 1, ...event } as Parameters<typeof decide>[1]);
      state = decision.state;
      return tells(decision.commands);
    };
    const complete = (step: number, token = 1) =>
      tell({
        type: 'task.completed',
        step,
        token,
        worker: 'w',
        durationMs: 1,
        result: { status: 'succeeded', outputs },
      });
    tell({ type: 'run.started' });
    return { tell, complete };
  };

  it('tells at its end what its steps gave, but for those that run in any case', () => {
    const { complete } = child();
    expect(complete(0)).toEqual([]);
    expect(complete(1)).toEqual([
      [
        'p',
        {
          type: 'child.finished',
          step: 'sub',
          attempt: 1,
          child: 'c',
          status: 'succeeded',
          outputs: { s0__value: 5 },
        },
      ],
    ]);
  });

  it('fails where that is more than can be passed on', () => {
    const { complete } = child({ value: 'x'.repeat(900_000) });
    complete(0);
    expect(complete(1)).toMatchObject([
      ['p', { status: 'failed', error: { code: 'payload_too_large', retryable: false } }],
    ]);
  });

  it('does what it does in any case, cancelled by the other run however often, unless that is cancelled, too', () => {
    const { tell, complete } = child();
    expect(tell({ type: 'cancel.asked', all: false })).toEqual([]);
    expect(tell({ type: 'cancel.asked', all: false })).toEqual([]);
    expect(complete(1)).toMatchObject([['p', { status: 'cancelled' }]]);
    const another = child();
    expect(another.tell({ type: 'cancel.asked', all: true })).toMatchObject([['p', { status: 'cancelled' }]]);
  });

  it('goes on when the other run does, and tells its end for the new attempt, also where it was good already', () => {
    const { tell, complete } = child();
    tell({ type: 'cancel.asked', all: true });
    expect(tell({ type: 'resume.asked', attempt: 2 })).toEqual([]);
    complete(0, 2);
    expect(complete(1, 1)).toMatchObject([['p', { status: 'succeeded', attempt: 2 }]]);
    expect(tell({ type: 'resume.asked', attempt: 3 })).toMatchObject([
      ['p', { status: 'succeeded', attempt: 3 }],
    ]);
  });
});
