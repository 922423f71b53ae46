import type { Cel } from '@millrace/pipeline/cel';
import { asksForStatus } from './bindings.js';
import { endStep } from './end-step.js';
import { holds } from './evaluate.js';
import { hasResult, type RunState } from './state.js';
import type { Turn } from './turn.js';

/** A step without a result because of a failure or a cancellation, its own or of something before it. */
const isLost = (state: RunState, step: number, seen = new Set<number>()): boolean => {
  const status = state.steps[step]?.status;
  if (status !== 'skipped') return status === 'failed' || status === 'cancelled';
  const needs = state.plan.steps[step]?.needs ?? [];
  return needs.some((need) => !seen.has(need) && isLost(state, need, seen.add(need)));
};

/** What keeps a step from being considered at all: an earlier failure that its condition does not ask about. */
const findLost = (turn: Turn, step: number, { names }: Cel): number | undefined =>
  turn
    .planned(step)
    .needs.find((need) => isLost(turn.state, need) && !asksForStatus(names, turn.planned(need).name));

/**
 * Of a step whose needs are all at their ends: does it run? If not, it is at its end now.
 * @throws Unbound where its condition has no answer
 */
export const consider = (turn: Turn, step: number, at: number, when: Cel): boolean => {
  const skip = (why: string): false => {
    turn.note('info', `skipped: ${why}`, step);
    endStep(turn, step, at, { status: 'skipped' });
    return false;
  };
  const lost = findLost(turn, step, when);
  if (lost !== undefined) return skip(`'${turn.planned(lost).name}' did not succeed`);
  if (!holds(turn.state, when, 'when')) return skip(`'${when.text}' is false`);
  for (const { port, optional, sources } of turn.planned(step).inputs)
    for (const source of sources)
      if (!optional && 'from' in source && !hasResult(turn.step(source.from).status))
        return skip(`'${turn.planned(source.from).name}' gave nothing for '${port}'`);
  return true;
};
