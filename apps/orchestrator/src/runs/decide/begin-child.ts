import { bindStep } from './bind-step.js';
import { childrenOf } from './child-steps.js';
import type { RunEvent } from './event.js';
import { endsOf } from './time-limits.js';
import type { Turn } from './turn.js';

/**
 * The step is under way without a task: another run does it, which is asked for here.
 * @param before the run that did it before, which may go on
 * @throws Unbound
 */
export const beginChild = (turn: Turn, step: number, at: number, attempt: number, before?: string): void => {
  const { deadline, giveUpAt } = endsOf(turn, step, at, turn.planned(step).timeoutMs);
  const { params } = bindStep(turn.state, step);
  turn.changeStep(step, {
    status: 'running',
    attempt,
    queuedAt: at,
    startedAt: at,
    dueAt: deadline,
    giveUpAt,
    child: undefined,
    stopping: undefined,
  });
  turn.command({
    type: 'prepare-child',
    step,
    attempt,
    params,
    ...(before === undefined ? {} : { before }),
  });
};

type Prepared = Extract<RunEvent, { type: 'child.prepared' }>;

/** There is a run for the step: it begins, or the one of an earlier attempt goes on. */
export const takeChild = (turn: Turn, { step, attempt, child, goesOn }: Prepared): void => {
  const own = turn.step(step);
  if (own.status !== 'running' || own.attempt !== attempt || own.child !== undefined) return;
  turn.changeStep(step, { child });
  if (goesOn) turn.command({ type: 'tell-run', run: child, message: { type: 'resume.asked', attempt } });
  else turn.command({ type: 'begin-child', step, child });
  turn.note('info', `cache not asked: its steps ask for themselves, in run ${child}`, step);
  if (turn.state.paused) turn.command({ type: 'tell-run', run: child, message: { type: 'pause.asked' } });
};

/** A pause, and its end, are passed on to all that is under way below. */
export const tellChildren = (turn: Turn, type: 'pause.asked' | 'unpause.asked'): void => {
  for (const { child } of childrenOf(turn)) turn.command({ type: 'tell-run', run: child, message: { type } });
};
