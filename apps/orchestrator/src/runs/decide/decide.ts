import { decideApproval, expireApproval, isUndecided } from './approval.js';
import { beginAttempt } from './begin-attempt.js';
import { takeChild } from './begin-child.js';
import { cancelRun } from './cancel.js';
import { hasChild } from './child-steps.js';
import type { Command } from './command.js';
import { completeStep, failAttempt, loseWorker, reissueStep } from './complete-step.js';
import { endChild } from './end-child.js';
import { endStep } from './end-step.js';
import type { CachedResult, RunEvent } from './event.js';
import { expireHeld, takeRoom } from './give-room.js';
import { pauseRun, unpauseRun } from './pause.js';
import { resumeRun, retryStep } from './reopen.js';
import { askRoom, endlessRoom, type Moved, type Room } from './room.js';
import { settle } from './settle.js';
import { startReady } from './start-ready.js';
import { isFinished, isOut, type RunState } from './state.js';
import { expireChild } from './stop-child.js';
import { followParent } from './tell-parent.js';
import { endsOf, limitOf } from './time-limits.js';
import { Turn } from './turn.js';

export interface Decision {
  state: RunState;
  commands: Command[];
  /** By component. */
  moved: ReadonlyMap<string, Moved>;
}

type EventOf<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;
type Rules = { [T in RunEvent['type']]: (turn: Turn, event: EventOf<T>) => void };

/** Is this token the one that counts, and is somebody supposed to work under it? */
const isCurrent = (turn: Turn, { step, token }: { step: number; token: number }): boolean => {
  const own = turn.step(step);
  return isOut(own) && token === own.token;
};

/** A result that is older than the step wants it is none. */
const judgeAge = (
  { hit, keptAt, reason }: Pick<EventOf<'cache.answered'>, 'hit' | 'keptAt' | 'reason'>,
  at: number,
  ttlMs: number | undefined,
): { hit?: CachedResult; reason: string } =>
  hit && ttlMs !== undefined && at - (keptAt ?? 0) > ttlMs
    ? { reason: `${reason}, but more than ${ttlMs} ms ago` }
    : { reason, ...(hit ? { hit } : {}) };

const rules: Rules = {
  'run.held': (turn) => {
    const { status, plan } = turn.state;
    if (status === 'pending')
      turn.note('info', `kept until fewer than ${plan.concurrency} runs of '${plan.pipeline}' are under way`);
  },

  'run.started': (turn, { at }) => {
    if (turn.state.status !== 'pending') return;
    turn.change({ status: 'running' });
    turn.note('info', `run of '${turn.state.plan.pipeline}' started`);
    startReady(turn, at);
  },

  'cache.answered': (turn, { at, step, ...answer }) => {
    const { status, attempt, attemptsBefore = 0, cacheKey, heldAt, dueAt } = turn.step(step);
    if (status !== 'waiting' || attempt !== attemptsBefore || cacheKey === undefined) return;
    // It was answered before.
    if (heldAt !== undefined || dueAt !== undefined) return;
    const { hit, reason } = judgeAge(answer, at, turn.planned(step).cacheTtlMs);
    turn.note('info', `cache ${hit ? 'hit' : 'miss'}: ${reason}`, step);
    if (!hit && turn.state.paused) return turn.changeStep(step, { cacheKey: undefined });
    if (!hit) return askRoom(turn, step, at);
    endStep(turn, step, at, { status: 'cached', ...hit });
  },

  'room.granted': (turn, { at, step }) => takeRoom(turn, step, at),

  'task.started': (turn, { at, step, token, worker, probe }) => {
    if (!isCurrent(turn, { step, token }) || turn.step(step).status !== 'queued') return;
    turn.changeStep(step, {
      status: 'running',
      worker,
      probe,
      startedAt: at,
      ...endsOf(turn, step, at, turn.planned(step).timeoutMs),
    });
    turn.note('info', `attempt ${turn.step(step).attempt} runs on ${worker}`, step);
  },

  'task.completed': (turn, event) => {
    if (!isCurrent(turn, event)) return;
    if (event.log) turn.command({ type: 'keep-lines', step: event.step, log: event.log });
    completeStep(turn, event);
  },

  'lease.lapsed': (turn, { at, step, token, crash }) => {
    if (!isCurrent(turn, { step, token })) return;
    // Should it only have been slow, it need not go on.
    turn.command({ type: 'cancel-task', step, token });
    if (crash) return loseWorker(turn, step, at, crash.limit);
    reissueStep(turn, step, at, `worker ${turn.step(step).worker ?? 'unknown'} fell silent`);
  },

  'attempt.timed-out': (turn, { at, step, token }) => {
    if (!isCurrent(turn, { step, token })) return;
    const { status } = turn.step(step);
    turn.command({ type: 'cancel-task', step, token });
    failAttempt(turn, step, at, {
      code: 'deadline_exceeded',
      message:
        status === 'queued'
          ? 'no worker took it up in time'
          : `not done within ${limitOf(turn, step, at)} ms`,
      retryable: true,
    });
  },

  'retry.due': (turn, { at, step, attempt }) => {
    const own = turn.step(step);
    if (own.attempt === attempt && isUndecided(turn.planned(step), own))
      return expireApproval(turn, step, at);
    if (own.attempt === attempt && hasChild(turn.planned(step), own)) return expireChild(turn, step);
    if (turn.state.paused || own.status !== 'waiting' || own.dueAt === undefined || own.attempt !== attempt)
      return;
    if (own.heldAt === undefined) beginAttempt(turn, step, at, attempt + 1);
    else expireHeld(turn, step, at);
  },

  'approval.decided': (turn, { at, step, ...verdict }) => decideApproval(turn, step, at, verdict),

  'child.prepared': (turn, event) => takeChild(turn, event),
  'child.finished': (turn, event) => endChild(turn, event),

  'cancel.asked': (turn, { at, all }) => cancelRun(turn, at, all),
  'pause.asked': (turn, { at }) => pauseRun(turn, at),
  'unpause.asked': (turn, { at }) => unpauseRun(turn, at),
  'resume.asked': (turn, { at, attempt }) => {
    if (attempt !== undefined) followParent(turn, attempt);
    resumeRun(turn, at);
  },
  'step.retry-asked': (turn, { at, step }) => retryStep(turn, step, at),
};

const unmoved: ReadonlyMap<string, Moved> = new Map();

/** What may be asked of a run that is over. */
const reopening: ReadonlySet<RunEvent['type']> = new Set(['resume.asked', 'step.retry-asked']);

/**
 * All rules of a run. Pure: the same state, event and room always give the same decision, and the state that was given
 * stays as it was. An event that says nothing new, or is said under an old token, gives back the very same state and
 * no commands.
 */
export const decide = (state: RunState, event: RunEvent, room: Room = endlessRoom): Decision => {
  if (isFinished(state.status) && !reopening.has(event.type)) return { state, commands: [], moved: unmoved };
  const turn = new Turn(state, room);
  (rules[event.type] as (turn: Turn, event: RunEvent) => void)(turn, event);
  settle(turn, event.at);
  return { state: turn.state, commands: turn.commands, moved: turn.moved };
};
