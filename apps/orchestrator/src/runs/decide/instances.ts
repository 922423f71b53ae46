import type { JsonValue } from '@millrace/contracts';
import type { Plan, PlannedStep } from '../../definition/plan.js';

/** One of the things that a step with `foreach` or `until` is done as. */
export interface Instance {
  /** Position of the step that it belongs to. */
  readonly of: number;
  /** Of a `foreach` from 0, of an `until` from 1. */
  readonly index: number;
  /** Of a `foreach`. */
  readonly item?: JsonValue;
}

interface PlannedInstance extends PlannedStep {
  readonly instance: Instance;
}

export const instanceIn = (planned: PlannedStep): Instance | undefined =>
  'instance' in planned ? (planned as PlannedInstance).instance : undefined;

const plannedInstance = (plan: Plan, instance: Instance): PlannedInstance => {
  const step = plan.steps[instance.of];
  if (!step) throw new RangeError(`no step ${instance.of} in '${plan.pipeline}'`);
  const { when: _when, foreach, until: _until, ...body } = step;
  const name = foreach ? `${step.name}[${instance.index}]` : `${step.name}#${instance.index}`;
  return { ...body, name, needs: [], dependents: [], instance };
};

/** A run's own plan: instances stand after all that its pipeline says, in the order in which they came about. */
export const withInstances = (plan: Plan, instances: readonly Instance[]): Plan =>
  instances.length === 0
    ? plan
    : { ...plan, steps: [...plan.steps, ...instances.map((instance) => plannedInstance(plan, instance))] };

const groups = new WeakMap<Plan, Map<number, number[]>>();
const none: readonly number[] = [];

const groupsOf = (plan: Plan): Map<number, number[]> => {
  const known = groups.get(plan);
  if (known) return known;
  const byStep = new Map<number, number[]>();
  for (const [position, planned] of plan.steps.entries()) {
    const instance = instanceIn(planned);
    if (!instance) continue;
    const group = byStep.get(instance.of);
    if (group) group.push(position);
    else byStep.set(instance.of, [position]);
  }
  groups.set(plan, byStep);
  return byStep;
};

/** Positions of the steps that have instances. */
export const groupsIn = (plan: Plan): Iterable<number> => groupsOf(plan).keys();

/** Positions of a step's instances, in order. */
export const instancesOf = (plan: Plan, step: number): readonly number[] => groupsOf(plan).get(step) ?? none;
