import type { ErrorCode, JsonValue, PortValue, Task } from '@millrace/contracts';
import { resolve, type Reference } from '../../definition/expression.js';
import { ownProperty } from '../../definition/own-property.js';
import type { RunState } from './state.js';

export interface Bound {
  params: Task['params'];
  inputs: Task['inputs'];
}

/** A step cannot be handed out with what there is. */
export class Unbound extends Error {
  constructor(
    message: string,
    readonly code: ErrorCode = 'invalid_request',
  ) {
    super(message);
  }
}

const lookupIn =
  ({ plan, params, steps }: RunState) =>
  (reference: Reference): JsonValue => {
    if (reference.kind === 'malformed') throw new Unbound(`'${reference.text}' is no expression`);
    if (reference.kind === 'secret') return { $secret: reference.name };
    if (reference.kind === 'cel')
      throw new Unbound(`'${reference.text}' cannot be evaluated yet`, 'unsupported');
    const value =
      reference.kind === 'param'
        ? ownProperty(params, reference.name)
        : ownProperty(
            steps[plan.steps.findIndex(({ name }) => name === reference.step)]?.outputs,
            reference.port,
          );
    if (value !== undefined) return value as JsonValue;
    throw new Unbound(
      reference.kind === 'param'
        ? `parameter '${reference.name}' has no value`
        : `step '${reference.step}' gave no '${reference.port}'`,
    );
  };

/** A step's params and inputs, from the run's parameters and from what its needs gave. */
export const bindStep = (state: RunState, step: number): Bound => {
  const { plan, steps } = state;
  const planned = plan.steps[step];
  if (!planned) throw new RangeError(`no step ${step} in '${plan.pipeline}'`);
  const inputs: [string, PortValue][] = planned.inputs.flatMap(({ port, from, output, optional }) => {
    const value = ownProperty(steps[from]?.outputs, output);
    if (value !== undefined) return [[port, value]];
    if (optional) return [];
    throw new Unbound(`step '${plan.steps[from]?.name}' gave no '${output}' for input '${port}'`);
  });
  return {
    params: resolve(planned.params, lookupIn(state)) as Task['params'],
    inputs: Object.fromEntries(inputs),
  };
};
