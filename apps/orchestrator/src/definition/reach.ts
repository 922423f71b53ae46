import { didYouMeanIn } from './did-you-mean.js';
import { phases, type Draft, type DraftStep } from './draft.js';

const order = Object.values(phases);

/** Why one step cannot refer to another, if it cannot. */
export const whyUnreachable = (draft: Draft, from: DraftStep, name: string): string | undefined => {
  const step = draft.steps.get(name);
  if (!step) return `there is no step '${name}'${didYouMeanIn(name, draft.steps)}`;
  return order.indexOf(step.phase) > order.indexOf(from.phase)
    ? `step '${name}' stands in ${step.phase}, which runs after this`
    : undefined;
};
