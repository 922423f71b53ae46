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

/**
 * Tarjan's strongly connected components, each a set of steps that all wait for each other. With a stack of its own: a
 * cycle may be as long as a pipeline.
 */
const knots = (needs: Needs): Set<string>[] => {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  const found: Set<string>[] = [];
  const lower = (step: string, to: number) => low.set(step, Math.min(low.get(step) ?? to, to));
  const enter = (step: string): { step: string; left: Iterator<string> } => {
    index.set(step, index.size);
    lower(step, index.size - 1);
    open.push(step);
    isOpen.add(step);
    return { step, left: (needs.get(step) ?? []).values() };
  };
  const leave = (step: string): void => {
    if (low.get(step) !== index.get(step)) return;
    const knot = new Set(open.splice(open.lastIndexOf(step)));
    for (const one of knot) isOpen.delete(one);
    found.push(knot);
  };
  for (const first of needs.keys()) {
    const way = index.has(first) ? [] : [enter(first)];
    for (let here = way.at(-1); here; here = way.at(-1)) {
      const next = here.left.next();
      if (next.done) {
        way.pop();
        leave(here.step);
        const before = way.at(-1);
        if (before) lower(before.step, low.get(here.step) ?? 0);
      } else if (!index.has(next.value)) way.push(enter(next.value));
      else if (isOpen.has(next.value)) lower(here.step, index.get(next.value) ?? 0);
    }
  }
  return found;
};

/** One cycle of every knot, as the way around: `['a', 'b', 'a']` says that b waits for a, and a for b. */
export const findCycles = (needs: Needs): string[][] =>
  knots(needs).flatMap((knot) => {
    const way = new Map<string, number>();
    let [step]: (string | undefined)[] = [...knot];
    while (step !== undefined && !way.has(step)) {
      way.set(step, way.size);
      step = needs.get(step)?.find((need) => knot.has(need));
    }
    return step === undefined ? [] : [[...[...way.keys()].slice(way.get(step)), step].reverse()];
  });
