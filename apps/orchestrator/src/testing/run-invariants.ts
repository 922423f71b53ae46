import { isDeepStrictEqual } from 'node:util';
import type { RunEvent } from '../runs/decide/event.js';
import { instancesOf } from '../runs/decide/instances.js';
import { maxLapses } from '../runs/decide/policy.js';
import {
  hasResult,
  isActive,
  isEnd,
  isFinished,
  isOut,
  newStep,
  restore,
  type RunState,
  type StepState,
} from '../runs/decide/state.js';
import { must } from './must.js';

export type Event = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 'at'> : never) : never;

/** What may happen to a run that is over. */
export const reopening: ReadonlySet<RunEvent['type']> = new Set(['resume.asked', 'step.retry-asked']);

/** What is late, or said twice, changes nothing. */
export const checkFences = (before: RunState, event: Event, after: RunState, commands: number): void => {
  const unchanged = after === before && commands === 0;
  if (isFinished(before.status) && !reopening.has(event.type))
    must('a finished run stays as it is', unchanged);
  if ('token' in event && before.steps[event.step]?.token !== event.token)
    must('an event under an old token changes nothing', unchanged);
  if ('step' in event && !reopening.has(event.type) && isEnd(before.steps[event.step]?.status ?? 'waiting'))
    must('an event for a step at its end changes nothing', unchanged);
};

export const checkApprovals = (before: RunState, event: Event, after: RunState): void =>
  after.steps.forEach((step, index) => {
    if (after.plan.steps[index]?.kind !== 'approval') return;
    must('no worker gets an approval', step.token === 0);
    if (hasResult(step.status) && before.steps[index]?.status !== step.status)
      must(
        'only a decision approves',
        event.type === 'approval.decided' && event.approved && event.step === index,
      );
  });

export const areMet = ({ steps, plan }: RunState, step: number): boolean => {
  const { needs, when } = plan.steps[step] ?? { needs: [] };
  return needs.every((need) => (when ? isEnd : hasResult)(steps[need]?.status ?? 'waiting'));
};

/** What is done as several and was opened again is under way, and does nothing as long as none of them does. */
const standsStill = ({ steps, plan }: RunState, step: number): boolean => {
  const group = instancesOf(plan, step);
  return (
    steps[step]?.status === 'running' &&
    group.length > 0 &&
    group.every((one) => !isActive(steps[one]?.status ?? 'waiting'))
  );
};

const checkGroup = ({ steps, plan }: RunState, step: number): void => {
  const group = instancesOf(plan, step).map((one) => steps[one] ?? newStep);
  const { status, outputs } = steps[step] ?? newStep;
  const { foreach } = plan.steps[step] ?? {};
  if (group.length === 0) return;
  if (status === 'running')
    must(
      'a group is under way as long as one of its instances is',
      group.some((one) => !isEnd(one.status)),
    );
  if (hasResult(status)) {
    must(
      'a group succeeds with all of its instances',
      group.every((one) => hasResult(one.status)),
    );
    const values = group.map((one) => one.outputs?.['value'] ?? null);
    must('its outputs are theirs', isDeepStrictEqual(outputs?.['value'], foreach ? values : values.at(-1)));
  }
  const out = group.filter((one) => isOut(one) || one.dueAt !== undefined || one.heldAt !== undefined).length;
  must('no more instances are out than may be', out <= (foreach?.concurrency ?? 1));
};

/** @param was before; what it may become is a matter of that */
const checkStep = (after: RunState, index: number, step: StepState, was: StepState | undefined): void => {
  must(
    'tokens and attempts never go back',
    step.token >= (was?.token ?? 0) && step.attempt >= (was?.attempt ?? 0),
  );
  must('lapses are bounded', step.lapses <= maxLapses);
  must('crashes are bounded, and lapses', (step.crashes ?? 0) < 3 && (step.crashes ?? 0) <= step.lapses);
  if (!['waiting', 'skipped', 'cancelled'].includes(step.status) || step.heldAt !== undefined)
    must(
      'a step does nothing before its needs have results, or with a condition their ends',
      areMet(after, index) ||
        (was?.status === step.status && after.plan.steps[index]?.when !== undefined) ||
        standsStill(after, index),
    );
};

/** @param o.isIssued whether a task was ever issued under this token */
export const checkState = (
  before: RunState,
  after: RunState,
  o: { reopened: boolean; isIssued(step: number, token: number): boolean },
): void => {
  must('what follows from the steps is right', isDeepStrictEqual(restore(after), after));
  must('a run is finished exactly when all its steps are', isFinished(after.status) === (after.open === 0));
  after.steps.forEach((step, index) => {
    const was = before.steps[index];
    if (was && isEnd(was.status) && !o.reopened) must('a step at its end stays as it is', step === was);
    const { phase = 'main' } = after.plan.steps[index] ?? {};
    if (was && hasResult(was.status) && phase === 'main') must('a result is kept', step === was);
    if (isOut(step)) must('a step that is out has a task', o.isIssued(index, step.token));
    checkStep(after, index, step, was);
    checkGroup(after, index);
  });
  const mayBeSkipped = after.plan.steps.some(({ when, phase }) => when || phase === 'onFailure');
  if (after.status === 'succeeded')
    must(
      'success means every step that was not skipped by a condition',
      after.steps.every(({ status }) => hasResult(status) || (status === 'skipped' && mayBeSkipped)),
    );
};
