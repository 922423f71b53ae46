import { askApproval } from './approval.js';
import { beginChild } from './begin-child.js';
import { bindStep } from './bind-step.js';
import { cacheKeyOf } from './cache-key.js';
import { runsPipeline } from './child-steps.js';
import { consider } from './consider.js';
import { endStep } from './end-step.js';
import { beginGroup } from './group.js';
import { hasBegun } from './phases.js';
import { maxQueuedMs } from './policy.js';
import { askRoom } from './room.js';
import type { StepState } from './state.js';
import { taskOf } from './task-of.js';
import { endsOf } from './time-limits.js';
import type { Turn } from './turn.js';
import { Unbound } from './unbound.js';

/** Hands a step out under a new token; `attempt` is the same as before when only its workers were lost. */
export const issueStep = (
  turn: Turn,
  step: number,
  at: number,
  attempt: number,
  { lapses, crashes }: Pick<StepState, 'lapses' | 'crashes'> = { lapses: 0 },
): void => {
  turn.changeStep(step, {
    status: 'queued',
    attempt,
    lapses,
    crashes,
    token: turn.step(step).token + 1,
    queuedAt: at,
    ...endsOf(turn, step, at, maxQueuedMs + turn.planned(step).timeoutMs),
    dueAt: undefined,
    heldAt: undefined,
    startedAt: undefined,
    worker: undefined,
    probe: undefined,
  });
  turn.command({ type: 'issue-task', step, task: taskOf(turn.state, step) });
};

/** A task must fit into one message (NATS's default is 1 MiB), with room for the rest of it. */
const maxTaskBytes = 900_000;

const whyNotCached = {
  off: 'cache is off for this step',
  refresh: 'this step refreshes it',
  'not-deterministic': 'its component is not deterministic',
};

/** All that a step needs is there: it is looked for in the cache, or issued. In a paused run it goes on waiting. */
export const readyStep = (turn: Turn, step: number, at: number): void => {
  if (turn.state.paused || turn.step(step).status !== 'waiting' || !hasBegun(turn.state, step)) return;
  try {
    prepareStep(turn, step, at);
  } catch (error) {
    if (!(error instanceof Unbound)) throw error;
    const { code, message } = error;
    endStep(turn, step, at, { status: 'failed', error: { code, message, retryable: false } });
  }
};

/** @throws Unbound */
const prepareStep = (turn: Turn, step: number, at: number): void => {
  const planned = turn.planned(step);
  if (planned.when && !consider(turn, step, at, planned.when)) return;
  if (planned.foreach || planned.until) return beginGroup(turn, step, at);
  if (planned.kind === 'approval') return askApproval(turn, step, at);
  const bound = bindStep(turn.state, step);
  const bytes = Buffer.byteLength(JSON.stringify(bound));
  if (bytes > maxTaskBytes)
    throw new Unbound(
      `params and inputs have ${bytes} bytes, more than ${maxTaskBytes}: pass what is large as an artifact`,
      'payload_too_large',
    );
  if (runsPipeline(planned)) {
    const { attempt, child } = turn.step(step);
    return beginChild(turn, step, at, attempt + 1, child);
  }
  if (planned.cache === 'yes' || planned.cache === 'refresh') {
    const key = cacheKeyOf(planned, bound);
    turn.changeStep(step, { cacheKey: key });
    if (turn.state.useCache && planned.cache === 'yes')
      return turn.command({ type: 'consult-cache', step, key });
  }
  turn.note(
    'info',
    `cache not asked: ${planned.cache === 'yes' ? 'it is off for this run' : whyNotCached[planned.cache]}`,
    step,
  );
  askRoom(turn, step, at);
};
