import type { JsonValue, PortValue, Task } from '@millrace/contracts';
import { resolve, type Lookup, type Reference } from '../../definition/expression.js';
import { namesSecret, secretKey } from '../../definition/names-secret.js';
import { ownProperty } from '../../definition/own-property.js';
import type { PlannedStep } from '../../definition/plan.js';
import { evaluate } from './evaluate.js';
import { inputOf } from './input-of.js';
import { instanceIn, instancesOf } from './instances.js';
import { positionIn } from './position-in.js';
import type { RunState } from './state.js';
import { Unbound } from './unbound.js';

export { Unbound };

export interface Bound {
  params: Task['params'];
  inputs: Task['inputs'];
}

/** What else expressions may name. */
export type Locals = { readonly [name: string]: unknown };

/** Of one instance: its item by name, its index, what the iteration before it gave. */
const localsOf = (state: RunState, planned: PlannedStep): Locals => {
  const instance = instanceIn(planned);
  if (!instance) return {};
  const { foreach } = state.plan.steps[instance.of] ?? {};
  if (foreach) return { [foreach.as]: instance.item ?? null, index: instance.index };
  return { index: instance.index, previous: previousOf(state, instance.of, instance.index) };
};

/** What the iteration before one gave; every port is `null` before the first. */
export const previousOf = (state: RunState, step: number, index: number): Locals => {
  const before = instancesOf(state.plan, step)[index - 2];
  const ports = Object.keys(state.plan.steps[step]?.outputs ?? {});
  const nothing = Object.fromEntries(ports.map((port) => [port, null]));
  return { ...nothing, ...(before === undefined ? {} : state.steps[before]?.outputs) };
};

/** Puts values in the place of references. @throws Unbound where there is none, or one that poses as a secret */
export const lookupIn = (state: RunState, locals: Locals = {}): Lookup => {
  const lookup = valueIn(state, locals);
  return (reference) => {
    if (reference.kind === 'secret') return { [secretKey]: reference.name };
    const value = lookup(reference);
    if (namesSecret(value))
      throw new Unbound('a value may not name a secret: only ${{ secrets.<name> }} does');
    return value;
  };
};

const valueIn =
  (state: RunState, locals: Locals) =>
  (reference: Exclude<Reference, { kind: 'secret' }>): JsonValue => {
    switch (reference.kind) {
      case 'malformed':
        throw new Unbound(`'${reference.text}' is no expression`);
      case 'cel':
        return evaluate(state, reference.cel, locals);
      case 'param': {
        const value = ownProperty(state.params, reference.name);
        if (value === undefined) throw new Unbound(`parameter '${reference.name}' has no value`);
        return value;
      }
      case 'output': {
        const step = state.steps[positionIn(state.plan, reference.step) ?? -1];
        const value = ownProperty(step?.outputs, reference.port);
        if (value === undefined) throw new Unbound(`step '${reference.step}' gave no '${reference.port}'`);
        return value as JsonValue;
      }
    }
  };

/** A step's params and inputs, from the run's parameters and from what its needs gave. */
export const bindStep = (state: RunState, step: number): Bound => {
  const { plan } = state;
  const planned = plan.steps[step];
  if (!planned) throw new RangeError(`no step ${step} in '${plan.pipeline}'`);
  const inputs = planned.inputs.flatMap((input): [string, PortValue][] => {
    const value = inputOf(state, planned, input);
    return value === undefined ? [] : [[input.port, value]];
  });
  return {
    params: resolve(planned.params, lookupIn(state, localsOf(state, planned))) as Task['params'],
    inputs: Object.fromEntries(inputs),
  };
};
