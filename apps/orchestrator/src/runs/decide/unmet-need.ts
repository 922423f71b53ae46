import { hasResult, isEnd, type RunState } from './state.js';

/** What a step needs and has not: a result, or with a condition of its own the end of it. */
export const unmetNeed = ({ plan, steps }: RunState, step: number): number | undefined => {
  const { needs = [], when } = plan.steps[step] ?? {};
  const isMet = when ? isEnd : hasResult;
  return needs.find((need) => !isMet(steps[need]?.status ?? 'waiting'));
};
