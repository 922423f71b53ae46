import type { RunState } from './state.js';

const known = new WeakMap<RunState['steps'], { before: RunState['steps']; changed: readonly number[] }>();

const compare = (before: RunState['steps'], after: RunState['steps']): number[] => {
  const changed: number[] = [];
  for (let position = 0; position < after.length; position++)
    if (before[position] !== after[position]) changed.push(position);
  return changed;
};

/** Positions of the steps that one state has another way than another: many ask, and of 10,000 steps few are. */
export const changedSteps = (before: RunState | undefined, after: RunState): readonly number[] => {
  if (!before) return [...after.steps.keys()];
  const last = known.get(after.steps);
  if (last?.before === before.steps) return last.changed;
  const changed = compare(before.steps, after.steps);
  known.set(after.steps, { before: before.steps, changed });
  return changed;
};
