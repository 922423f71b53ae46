import type { CelName } from '@millrace/pipeline/cel';
import { outcomeOf } from './outcome.js';
import { positionIn } from './position-in.js';
import type { RunState } from './state.js';

/** How it went so far, for steps that run at the end. */
const runOf = (state: RunState) => {
  const { status, error = null, failedStep = null } = outcomeOf(state);
  return { status, error, failedStep };
};

/** What CEL may read of a run, as far as an expression names it: a run has more steps than one expression asks for. */
export const bindingsOf = (
  state: RunState,
  names: readonly CelName[],
  more: { readonly [name: string]: unknown } = {},
): { readonly [name: string]: unknown } => {
  const asked = names.filter(([root]) => root === 'steps');
  const all = asked.some((name) => name.length === 1);
  const wanted = all ? state.plan.steps.map(({ name }) => name) : asked.map(([, step]) => step ?? '');
  const steps = Object.fromEntries(
    [...new Set(wanted)].flatMap((name) => {
      const step = state.steps[positionIn(state.plan, name) ?? -1];
      return step ? [[name, { status: step.status, outputs: step.outputs ?? {} }]] : [];
    }),
  );
  const run = names.some(([root]) => root === 'run') ? { run: runOf(state) } : {};
  return { params: state.params, steps, ...run, ...more };
};

/** Does an expression ask how a step ended? */
export const asksForStatus = (names: readonly CelName[], step: string): boolean =>
  names.some(([root, name, what]) => root === 'steps' && name === step && what === 'status');
