import type { CacheDefinition, RetryDefinition, StepDefinition } from '@millrace/contracts';
import { Expression, conditionText, member, type Condition, type Given, type Secret } from './expression.js';
import type { DescriptorLike, PortLike, Ports, ValueOf } from './component.js';
import type { ParamsOf } from './json-schema.js';
import { Output, Source } from './source.js';

/** What an output of a port is, as a handle of it. */
type KindOf<P extends PortLike> = P extends { many: true } ? `${P['type']}[]` : P['type'];
type OutputsOf<O extends Ports> = { readonly [N in keyof O]: Output<KindOf<O[N]>, ValueOf<O[N]>> };
type ListsOf<O extends Ports> = { readonly [N in keyof O]: Output<`${KindOf<O[N]>}[]`, ValueOf<O[N]>[]> };

/** A step that others can refer to. */
export class Step<O = unknown> {
  constructor(
    readonly name: string,
    readonly outputs: O,
  ) {}

  get status(): Expression<string> {
    return new Expression(`${member('steps', this.name)}.status`);
  }
}

export type TaskStep<D extends DescriptorLike> = Step<OutputsOf<D['outputs']>>;
export type EachStep<D extends DescriptorLike> = Step<ListsOf<D['outputs']>>;

/** A list is a value, whatever it is of; a port that takes many takes a list, or several lists and single ones. */
type InputOf<P extends PortLike> = P extends { many: true }
  ? Source<`${P['type']}[]`> | readonly Source<P['type'] | `${P['type']}[]`>[]
  : P['type'] extends 'value'
    ? Source<'value' | `${string}[]`>
    : Source<P['type']>;
type RequiredPorts<I extends Ports> = {
  [N in keyof I]: I[N] extends { optional: true } ? never : N;
}[keyof I];
type InputsOf<I extends Ports> = { [N in RequiredPorts<I>]: InputOf<I[N]> } & {
  [N in Exclude<keyof I, RequiredPorts<I>>]?: InputOf<I[N]>;
};

type GivenParams<S> = { [K in keyof ParamsOf<S>]: Given<ParamsOf<S>[K]> | Secret };

/** Optional as a whole where nothing in it is needed. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- asks whether {} would do
type Field<N extends string, T> = {} extends T ? { [K in N]?: T } : { [K in N]: T };

export interface StepOptions {
  after?: readonly Step[];
  when?: Condition;
  stepTimeoutMs?: number;
  priority?: number;
}

export type TaskOptions<D extends DescriptorLike> = StepOptions & {
  retry?: RetryDefinition;
  timeoutMs?: number;
  cache?: CacheDefinition;
} & Field<'inputs', InputsOf<D['inputs']>> &
  Field<'params', GivenParams<D['params']>>;

/** Any options as a definition says them; fields in the order in which one reads them. */
export const stepOf = (
  head: StepDefinition,
  options: StepOptions & {
    inputs?: { [port: string]: Source | readonly Source[] | undefined };
    params?: object;
    retry?: RetryDefinition;
    timeoutMs?: number;
    cache?: CacheDefinition;
  },
): StepDefinition => {
  const { inputs, after, when, ...rest } = options;
  const sources = Object.entries(inputs ?? {}).flatMap(([name, given]) =>
    given ? [[name, given instanceof Source ? given.source : given.map(({ source }) => source)]] : [],
  );
  return {
    ...head,
    ...(inputs ? { inputs: Object.fromEntries(sources) } : {}),
    ...(after ? { after: after.map(({ name }) => name) } : {}),
    ...(when === undefined ? {} : { when: conditionText(when) }),
    ...(rest as object),
  };
};

/** Handles of a component's outputs. */
export const outputsOf = <O>(step: string, ports: object): O =>
  Object.fromEntries(Object.keys(ports).map((name) => [name, new Output(step, name)])) as O;
