import type { Plan } from '../../definition/plan.js';
import { instanceIn, instancesOf } from './instances.js';
import type { StepState } from './state.js';
import { isEnd, isIdle } from './step-status.js';

/** Of the instances of a step. Follows from their states; kept, because asking all of 10,000 after each end takes too long. */
export interface Tally {
  /** How many are not at their end. */
  readonly open: number;
  /** Which is the first that nobody has begun; their number where there is none. */
  readonly idle: number;
}

/** By the position of the step. */
export type Tallies = ReadonlyMap<number, Tally>;

const firstIdle = (steps: readonly StepState[], group: readonly number[], from = 0): number => {
  let place = from;
  for (; place < group.length; place++) {
    const step = steps[group[place] ?? -1];
    if (step && isIdle(step)) break;
  }
  return place;
};

const tallyOf = (steps: readonly StepState[], group: readonly number[]): Tally => ({
  open: group.filter((one) => !isEnd(steps[one]?.status ?? 'waiting')).length,
  idle: firstIdle(steps, group),
});

export const talliesOf = (plan: Plan, steps: readonly StepState[], of: Iterable<number>): Tallies =>
  new Map([...of].map((step) => [step, tallyOf(steps, instancesOf(plan, step))]));

/** Which of its kind an instance is, and what of; nothing where a step is none. */
const placeIn = (plan: Plan, position: number): { of: number; place: number } | undefined => {
  const planned = plan.steps[position];
  const instance = planned && instanceIn(planned);
  if (!instance) return undefined;
  const { of, index } = instance;
  return { of, place: plan.steps[of]?.foreach ? index : index - 1 };
};

/** After one step went from one state into another; `steps` are as they are now. */
export const recounted = (
  tallies: Tallies,
  plan: Plan,
  steps: readonly StepState[],
  position: number,
  before: StepState,
): Tallies => {
  const after = steps[position];
  const at = placeIn(plan, position);
  const tally = at && tallies.get(at.of);
  if (!after || !at || !tally) return tallies;
  const { of, place } = at;
  const open = tally.open + Number(isEnd(before.status)) - Number(isEnd(after.status));
  let { idle } = tally;
  if (isIdle(after)) idle = Math.min(idle, place);
  else if (place === idle) idle = firstIdle(steps, instancesOf(plan, of), place + 1);
  return open === tally.open && idle === tally.idle ? tallies : new Map(tallies).set(of, { open, idle });
};
