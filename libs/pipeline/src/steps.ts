import type {
  ApprovalDefinition,
  JsonValue,
  RetryDefinition,
  StepDefinition,
  Steps as StepMap,
} from '@millrace/contracts';
import type { DescriptorLike, Ports, ValueOf } from './component.js';
import { Expression, conditionText, member, plain, type Condition, type Given } from './expression.js';
import { Index, itemOf, Output, type ItemOf, type Items, type PortKind } from './source.js';
import {
  outputsOf,
  Step,
  stepOf,
  type EachStep,
  type StepOptions,
  type TaskOptions,
  type TaskStep,
} from './step.js';

type Values<O extends Ports> = { readonly [N in keyof O]: Expression<ValueOf<O[N]>> };

const valuesOf = <O extends Ports>(root: string, ports: O): Values<O> =>
  Object.fromEntries(
    Object.keys(ports).map((name) => [name, new Expression(`${root}.${name}`)]),
  ) as Values<O>;

/** A run of another pipeline; what its steps gave, under their names. */
export class PipelineStep extends Step {
  constructor(name: string) {
    super(name, {});
  }

  output<P extends PortKind = 'value'>(step: string, port: string): Output<P> {
    return new Output(this.name, `${step}__${port}`);
  }
}

export type RunOptions = StepOptions & {
  params?: { [name: string]: Given<unknown> };
  /** By another run; its steps have retries of their own. */
  retry?: RetryDefinition;
  /** Of one run. */
  timeoutMs?: number;
  /** `false`: its steps look for nothing in the cache. */
  cache?: boolean;
};

/** What a step of another pipeline gave, or gives. */
export type GivenBelow = <T = unknown>(step: string, port: string) => Expression<T>;

const below =
  (root: string): GivenBelow =>
  (step, port) =>
    new Expression(member(root, `${step}__${port}`));

const foreachOf = ({ items, as, concurrency }: { items: Items; as?: string; concurrency?: number }) => ({
  items: plain<JsonValue[] | string>(items),
  ...(as === undefined ? {} : { as }),
  ...(concurrency === undefined ? {} : { concurrency }),
});

/** Steps of one phase. Names are unique in a pipeline, whatever the phase. */
export class StepsBuilder {
  readonly #steps = new Map<string, StepDefinition>();

  constructor(private readonly taken: Set<string>) {}

  /** A component's work. */
  task<const D extends DescriptorLike>(
    name: string,
    component: D,
    ...[options]: object extends TaskOptions<D> ? [TaskOptions<D>?] : [TaskOptions<D>]
  ): TaskStep<D> {
    this.#add(name, stepOf({ component: component.name }, (options ?? {}) as StepOptions));
    return new Step(name, outputsOf(name, component.outputs));
  }

  /** A component's work for each item; its outputs are lists. */
  each<const D extends DescriptorLike, const X extends Items>(
    name: string,
    component: D,
    each: { items: X; as?: string; concurrency?: number },
    options: (item: ItemOf<X>, index: Index) => TaskOptions<D>,
  ): EachStep<D> {
    const foreach = foreachOf(each);
    const said = options(itemOf(each.items, each.as ?? 'item'), new Index('index'));
    this.#add(name, stepOf({ component: component.name, foreach }, said as StepOptions));
    return new Step(name, outputsOf(name, component.outputs));
  }

  /** A component's work until a condition holds, at most so often. */
  loop<const D extends DescriptorLike>(
    name: string,
    component: D,
    {
      until,
      max,
    }: { until: (outputs: Values<D['outputs']>, index: Expression<number>) => Condition; max: number },
    options: (previous: Values<D['outputs']>, index: Expression<number>) => TaskOptions<D>,
  ): TaskStep<D> {
    const index = new Expression<number>('index');
    const condition = conditionText(until(valuesOf('outputs', component.outputs as D['outputs']), index));
    const said = options(valuesOf('previous', component.outputs as D['outputs']), index);
    this.#add(name, stepOf({ component: component.name, until: { condition, max } }, said as StepOptions));
    return new Step(name, outputsOf(name, component.outputs));
  }

  /** A run of another pipeline. */
  run(name: string, pipeline: { readonly name: string }, options: RunOptions = {}): PipelineStep {
    this.#add(name, stepOf({ pipeline: pipeline.name }, options));
    return new PipelineStep(name);
  }

  /** A run of another pipeline for each item; its outputs are lists. */
  runEach<const X extends Items>(
    name: string,
    pipeline: { readonly name: string },
    each: { items: X; as?: string; concurrency?: number },
    options: (item: ItemOf<X>, index: Index) => RunOptions,
  ): PipelineStep {
    const said = options(itemOf(each.items, each.as ?? 'item'), new Index('index'));
    this.#add(name, stepOf({ pipeline: pipeline.name, foreach: foreachOf(each) }, said));
    return new PipelineStep(name);
  }

  /** One run of another pipeline after the other, until a condition holds, at most so many. */
  runLoop(
    name: string,
    pipeline: { readonly name: string },
    { until, max }: { until: (output: GivenBelow, index: Expression<number>) => Condition; max: number },
    options: (previous: GivenBelow, index: Expression<number>) => RunOptions,
  ): PipelineStep {
    const index = new Expression<number>('index');
    const condition = conditionText(until(below('outputs'), index));
    const said = options(below('previous'), index);
    this.#add(name, stepOf({ pipeline: pipeline.name, until: { condition, max } }, said));
    return new PipelineStep(name);
  }

  /** Waits until somebody decides. */
  approval(
    name: string,
    { by, withinMs, message, ...options }: ApprovalDefinition & StepOptions = {},
  ): Step<{ by: Output<'value', string>; reason: Output<'value', string> }> {
    this.#add(name, stepOf({ approval: plain({ by, withinMs, message }) }, options));
    return new Step(name, outputsOf(name, { by: null, reason: null }));
  }

  /** As a definition says them; undefined where there are none. */
  toSteps(): StepMap | undefined {
    return this.#steps.size === 0 ? undefined : plain(Object.fromEntries(this.#steps));
  }

  #add(name: string, step: StepDefinition): void {
    if (this.taken.has(name)) throw new RangeError(`there is another step '${name}'`);
    this.taken.add(name);
    this.#steps.set(name, step);
  }
}
