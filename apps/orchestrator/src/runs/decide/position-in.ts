import type { Plan } from '../../definition/plan.js';

const positions = new WeakMap<Plan, Map<string, number>>();

/** Of a step in its plan, by name. */
export const positionIn = (plan: Plan, name: string): number | undefined => {
  let byName = positions.get(plan);
  if (!byName) positions.set(plan, (byName = new Map(plan.steps.map((step, index) => [step.name, index]))));
  return byName.get(name);
};
