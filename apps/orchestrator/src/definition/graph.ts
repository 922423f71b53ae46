import { stepsRead } from './cel-of-step.js';
import type { Draft, DraftStep } from './draft.js';

/** Step → the steps that it waits for, whether for data, for a value that it reads, or because `after` says so. */
export type Needs = Map<string, string[]>;

const needsOf = (step: DraftStep): string[] => [
  ...step.inputs.flatMap(({ sources }) =>
    sources.flatMap((from) => (from.kind === 'output' ? from.step : [])),
  ),
  ...step.after,
  ...stepsRead(step),
];

export const graphOf = ({ steps }: Draft): Needs =>
  new Map(
    [...steps].map(([name, step]) => [name, [...new Set(needsOf(step))].filter((need) => steps.has(need))]),
  );

/** Steps in an order in which each comes after what it needs; those on or behind a cycle are left out. */
export const topologicalOrder = (needs: Needs): string[] => {
  const missing = new Map([...needs].map(([step, list]) => [step, list.length]));
  const dependents = new Map<string, string[]>([...needs.keys()].map((step) => [step, []]));
  for (const [step, list] of needs) for (const need of list) dependents.get(need)?.push(step);
  const order = [...needs.keys()].filter((step) => missing.get(step) === 0);
  for (let i = 0; i < order.length; i++)
    for (const dependent of dependents.get(order[i] as string) ?? []) {
      const left = (missing.get(dependent) ?? 0) - 1;
      missing.set(dependent, left);
      if (left === 0) order.push(dependent);
    }
  return order;
};

/** Tarjan's strongly connected components, each a set of steps that all wait for each other. */
const knots = (needs: Needs): Set<string>[] => {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: Set<string>[] = [];
  const visit = (step: string): number => {
    const own = index.size;
    index.set(step, own);
    low.set(step, own);
    stack.push(step);
    for (const need of needs.get(step) ?? []) {
      const reach = index.has(need) ? (stack.includes(need) ? index.get(need) : undefined) : visit(need);
      low.set(step, Math.min(low.get(step) ?? own, reach ?? own));
    }
    const lowest = low.get(step) ?? own;
    if (lowest === own) found.push(new Set(stack.splice(stack.indexOf(step))));
    return lowest;
  };
  for (const step of needs.keys()) if (!index.has(step)) visit(step);
  return found;
};

/** One cycle of every knot, as the way around: `['a', 'b', 'a']` says that b waits for a, and a for b. */
export const findCycles = (needs: Needs): string[][] =>
  knots(needs).flatMap((knot) => {
    const way: string[] = [];
    const [first = ''] = knot;
    let step: string | undefined = first;
    while (step !== undefined && !way.includes(step)) {
      way.push(step);
      step = needs.get(step)?.find((need) => knot.has(need));
    }
    return step === undefined ? [] : [[...way.slice(way.indexOf(step)), step].reverse()];
  });
