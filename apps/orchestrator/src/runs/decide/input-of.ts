import { isArtifactRef, type ArtifactRef, type PortValue } from '@millrace/contracts';
import { ownProperty } from '../../definition/own-property.js';
import type { PlannedInput, PlannedSource, PlannedStep } from '../../definition/plan.js';
import { instanceIn } from './instances.js';
import type { RunState } from './state.js';
import { Unbound } from './unbound.js';

/** One of a list. @throws Unbound where there is no list, or where it is too short */
const oneOf = (list: unknown, at: number, what: string): unknown => {
  if (list === undefined) return undefined;
  if (!Array.isArray(list)) throw new Unbound(`${what} is no list`);
  if (at >= list.length) throw new Unbound(`${what} has ${list.length} items, and none at [${at}]`);
  return list[at];
};

/** `undefined` where there is nothing. */
const valueOf = (state: RunState, planned: PlannedStep, source: PlannedSource): unknown => {
  const instance = instanceIn(planned);
  if ('item' in source) {
    const { field } = source.item;
    const item = instance?.item;
    if (field === undefined) return item;
    return typeof item === 'object' && !Array.isArray(item)
      ? ownProperty(item ?? undefined, field)
      : undefined;
  }
  const { from, output, at } = source;
  const value = ownProperty(state.steps[from]?.outputs, output);
  if (at === undefined) return value;
  const index = at === 'index' ? (instance?.index ?? 0) : at;
  return oneOf(value, index, `'${state.plan.steps[from]?.name}.${output}'`);
};

const nameOf = ({ plan }: RunState, planned: PlannedStep, source: PlannedSource): string => {
  if ('from' in source) return `step '${plan.steps[source.from]?.name}'`;
  const { field } = source.item;
  return `item ${instanceIn(planned)?.index}${field === undefined ? '' : `, as '${field}',`}`;
};

const isNothing = (value: unknown, type: PlannedInput['type']): boolean =>
  value === undefined || (value === null && type !== 'value');

/**
 * What a step is given at one of its ports; `undefined` where that is nothing and need not be anything. From a list, what
 * was not given is left out.
 * @throws Unbound where there is nothing, or something else than the port takes
 */
export const inputOf = (
  state: RunState,
  planned: PlannedStep,
  { port, type, optional, many, sources }: PlannedInput,
): PortValue | undefined => {
  const unbound = (source: PlannedSource, what: string) =>
    new Unbound(`${nameOf(state, planned, source)} gave ${what} for input '${port}'`);
  const assertFits = (value: unknown, source: PlannedSource): void => {
    if (type !== 'value' && !(isArtifactRef(value) && value.type === type))
      throw unbound(source, `no ${type}`);
  };
  const given = sources.map((source) => ({ source, value: valueOf(state, planned, source) }));
  if (many) {
    const all = given.flatMap(({ value, source }) =>
      (Array.isArray(value) ? (value as unknown[]) : [value]).map((one) => ({ one, source })),
    );
    const there = all.filter(({ one }) => !isNothing(one, type));
    there.forEach(({ one, source }) => assertFits(one, source));
    return optional && all.length > 0 && there.length === 0
      ? undefined
      : (there.map(({ one }) => one) as ArtifactRef[]);
  }
  const [only] = given;
  if (!only || isNothing(only.value, type)) {
    if (!only || optional) return undefined;
    throw unbound(only.source, 'from' in only.source ? `no '${only.source.output}'` : 'nothing');
  }
  assertFits(only.value, only.source);
  return only.value as PortValue;
};
