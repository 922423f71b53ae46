import type { PlannedStep } from '../../definition/plan.js';
import type { StepState } from './state.js';
import type { Turn } from './turn.js';

/** Is it done by one run of another pipeline? What is done as several such is a group. */
export const runsPipeline = ({ kind, foreach, until }: PlannedStep): boolean =>
  kind === 'pipeline' && !foreach && !until;

/** Is that run under way? */
export const hasChild = (planned: PlannedStep, { status, child }: StepState): boolean =>
  runsPipeline(planned) && status === 'running' && child !== undefined;

/** Every run that was begun for a step of this one and is not at its end. */
export const childrenOf = ({ state }: Turn): { step: number; child: string }[] =>
  state.steps.flatMap((own, step) => {
    const planned = state.plan.steps[step];
    return planned && hasChild(planned, own) && own.child !== undefined ? [{ step, child: own.child }] : [];
  });
