import { InvalidRequest } from '@millrace/contracts';
import type { Plan, PlannedStep } from '../definition/plan.js';
import { hasResult, type StepState } from '../runs/decide/state.js';

/** What is known of the run that is repeated: its steps by name. */
export type Earlier = ReadonlyMap<string, { planned: PlannedStep; state: StepState }>;

/** All that must run again when these do. */
const withDependents = (plan: Plan, first: Iterable<number>): Set<number> => {
  const again = new Set(first);
  for (const step of again) for (const dependent of plan.steps[step]?.dependents ?? []) again.add(dependent);
  return again;
};

/** Could the earlier result stand in for this step's? */
const isThere = (planned: PlannedStep, earlier: Earlier): boolean => {
  const before = earlier.get(planned.name);
  return (
    before !== undefined &&
    hasResult(before.state.status) &&
    before.planned.component === planned.component &&
    before.planned.pipeline === planned.pipeline &&
    Object.entries(planned.outputs).every(
      ([port, { optional }]) => optional || before.state.outputs?.[port] !== undefined,
    )
  );
};

/** Nothing leads to it, and others work on what it gives: it brought in the data. */
const isSource = ({ needs, dependents }: PlannedStep): boolean => needs.length === 0 && dependents.length > 0;

/**
 * Positions of the steps that keep their earlier results: all that does not depend on what is to run again.
 * @param from the steps to run again; without, all but the sources
 * @throws InvalidRequest for steps that are not there, or when nothing would be left to do
 */
export const keptSteps = (plan: Plan, earlier: Earlier, from?: readonly string[]): Set<number> => {
  const positions = new Map(plan.steps.map(({ name }, position) => [name, position]));
  const unknown = (from ?? []).flatMap((name, i) =>
    positions.has(name) ? [] : [{ field: `from[${i}]`, message: `there is no step '${name}'` }],
  );
  if (unknown.length > 0) throw new InvalidRequest(unknown);
  const asked = from?.map((name) => positions.get(name) ?? -1);
  // Who approved it then did not approve it now; and what ends a run belongs to that run.
  const isRepeated = ({ phase = 'main', kind = 'task' }: PlannedStep) =>
    phase !== 'main' || kind === 'approval';
  const first = plan.steps.flatMap((planned, position) => {
    const named = asked ? asked.includes(position) : !isSource(planned);
    return named || isRepeated(planned) || !isThere(planned, earlier) ? [position] : [];
  });
  const again = withDependents(plan, first);
  return new Set(plan.steps.flatMap((_, position) => (again.has(position) ? [] : [position])));
};
