import type {
  ApprovalDefinition,
  ArtifactType,
  CacheDefinition,
  CatchUpPolicy,
  ComponentDescriptor,
  JsonValue,
  ParamValues,
  PipelineDefinition,
  Port,
  RetryDefinition,
  StepDefinition,
} from '@millrace/contracts';
import type { Cel } from '@millrace/pipeline/cel';
import { compileCel } from '@millrace/pipeline/cel';
import { draftOf, phases, type DraftStep } from './draft.js';
import { graphOf, topologicalOrder } from './graph.js';
import { ownProperty } from './own-property.js';
import { withDefaults } from './params-schema.js';
import { ownPorts, type FindComponent, type FindPipeline, type Known, type Ports } from './ports.js';
import type { DraftInput } from './source.js';

/** A checked definition, laid out for driving: steps by position, in topological order. */
export interface Plan {
  pipeline: string;
  /** Of all phases; those of `onFailure` and `finally` after those of `main`. */
  steps: readonly PlannedStep[];
  /** Runs at once. */
  concurrency?: number;
  /** 0…9, 9 first. Without: `defaultPriority`. */
  priority?: number;
  schedule?: PlannedSchedule;
  triggers?: readonly PlannedTrigger[];
}

/** In the middle of 0…9. */
export const defaultPriority = 5;

/** Steps of `onFailure` begin when those of `main` are at their end and the run failed; then those of `finally`. */
export type Phase = 'main' | 'onFailure' | 'finally';

export interface PlannedStep {
  name: string;
  /** Without: `task`. */
  kind?: 'task' | 'pipeline' | 'approval';
  /** Without: `main`. */
  phase?: Phase;
  /** Of a task; else the kind, which no component is called. */
  component: string;
  /** SemVer of the component that the run began with; empty where there is none. */
  version: string;
  /** The other pipeline, of kind `pipeline`. */
  pipeline?: string;
  /** Of kind `approval`. */
  approval?: { by?: readonly string[]; withinMs: number; message?: string };
  /** False → skipped. Where it is given, the step waits for the end of its needs, whatever it is. */
  when?: Cel;
  /** `items` is a list or one expression; both to be resolved. */
  foreach?: { items: JsonValue; as: string; concurrency: number };
  until?: { condition: Cel; max: number };
  /** May its result come from the cache (`yes`), and go there (`yes`, `refresh`)? Of kind `pipeline`: may its steps' results? */
  cache: 'yes' | 'refresh' | 'off' | 'not-deterministic';
  /** A cached result must not be older. */
  cacheTtlMs?: number;
  /** Of one attempt. */
  timeoutMs: number;
  /** Of all attempts. */
  stepTimeoutMs?: number;
  /** As the pipeline says it; without, only the absence of a service is tried again. */
  retry?: RetryPolicy;
  /** 0…9, 9 first. Without: as its run. */
  priority?: number;
  /** With the component's defaults; expressions unresolved. */
  params: { [name: string]: JsonValue };
  inputs: readonly PlannedInput[];
  /** Of one instance, where there are several. */
  outputs: { readonly [port: string]: { type: ArtifactType | 'value'; optional: boolean; many?: boolean } };
  /** Positions of the steps that must succeed first (with `when`: end first), and of those that wait for this one. */
  needs: readonly number[];
  dependents: readonly number[];
}

export interface PlannedInput {
  port: string;
  type: ArtifactType | 'value';
  optional: boolean;
  /** It takes a list, of all that its sources give; else there is one source. */
  many?: boolean;
  sources: readonly PlannedSource[];
}

export type PlannedSource =
  /** Position of a step, and its output; `at`: one of the list that it is. */
  | { from: number; output: string; at?: number | 'index' }
  /** The item of the instance, or a field of it. */
  | { item: { field?: string } };

/** `planOf` resolves all fields; what is missing is as `retryDefaults` says. */
export type RetryPolicy = Pick<RetryDefinition, 'attempts'> & Readonly<Omit<RetryDefinition, 'attempts'>>;

export const retryDefaults = {
  backoffMs: 1_000,
  factor: 2,
  maxBackoffMs: 100_000,
  jitter: true,
} as const satisfies Omit<RetryDefinition, 'attempts'>;

export interface PlannedSchedule {
  cron: string;
  timezone: string;
  catchUp: CatchUpPolicy;
  params: ParamValues;
}

export interface PlannedTrigger {
  event?: string;
  subject?: string;
  when?: Cel;
  /** Expressions over `event` unresolved. */
  params: ParamValues;
}

const cachePolicyOf = (
  cache: CacheDefinition | undefined,
  deterministic: boolean,
): Pick<PlannedStep, 'cache' | 'cacheTtlMs'> => {
  if (cache === false) return { cache: 'off' };
  if (!deterministic) return { cache: 'not-deterministic' };
  if (cache === 'refresh') return { cache: 'refresh' };
  return { cache: 'yes', ...(typeof cache === 'object' ? { cacheTtlMs: cache.ttlMs } : {}) };
};

const scheduleOf = ({ schedule }: PipelineDefinition): Pick<Plan, 'schedule'> =>
  schedule ? { schedule: { timezone: 'UTC', catchUp: 'latest', params: {}, ...schedule } } : {};

const celOf = (text: string | undefined): { when?: Cel } =>
  text === undefined ? {} : { when: compileCel(text) };

const triggersOf = ({ triggers }: PipelineDefinition): Pick<Plan, 'triggers'> =>
  triggers
    ? {
        triggers: triggers.map(({ when, params, ...source }) => ({
          ...source,
          ...celOf(when),
          params: params ?? {},
        })),
      }
    : {};

/** More items than these are refused when they are known. */
export const maxItems = 10_000;
const dayMs = 86_400_000;

/** What all kinds of steps have. */
const commonOf = (step: StepDefinition, phase: Phase) =>
  ({
    ...(phase === 'main' ? {} : { phase }),
    ...celOf(step.when),
    ...(step.foreach ? { foreach: { as: 'item', concurrency: maxItems, ...step.foreach } } : {}),
    ...(step.until ? { until: { condition: compileCel(step.until.condition), max: step.until.max } } : {}),
    ...(step.stepTimeoutMs === undefined ? {} : { stepTimeoutMs: step.stepTimeoutMs }),
    ...(step.priority === undefined ? {} : { priority: step.priority }),
  }) satisfies Partial<PlannedStep>;

const taskOf = (step: StepDefinition, descriptor: ComponentDescriptor) =>
  ({
    component: descriptor.name,
    version: descriptor.version,
    ...cachePolicyOf(step.cache, descriptor.deterministic),
    timeoutMs: step.timeoutMs ?? descriptor.timeoutMs,
    ...(step.retry ? { retry: { ...retryDefaults, ...step.retry } } : {}),
    params: withDefaults(step.params ?? {}, descriptor),
    outputs: Object.fromEntries(
      Object.entries(descriptor.outputs).map(([port, { type, optional, many }]) => [
        port,
        { type, optional: optional === true, ...(many ? { many } : {}) },
      ]),
    ),
  }) satisfies Partial<PlannedStep>;

/** What another pipeline gives: each of it only where the step that gives it runs. */
const givenByPipeline = (ports: Ports = new Map()): PlannedStep['outputs'] =>
  Object.fromEntries(
    [...ports].map(([port, { type, lists }]) => [
      port,
      { type, optional: true, ...(lists > 0 ? { many: true } : {}) },
    ]),
  );

const pipelineOf = (step: StepDefinition, pipeline: string, ports: Ports | undefined) =>
  ({
    kind: 'pipeline',
    component: 'pipeline',
    version: '',
    pipeline,
    // Of its steps: off, or as the run has it.
    cache: step.cache === false ? 'off' : 'yes',
    timeoutMs: step.timeoutMs ?? step.stepTimeoutMs ?? 31 * dayMs,
    // Its steps have policies of their own; another run of all of them is only begun where that is asked for.
    retry: step.retry ? { ...retryDefaults, ...step.retry } : { attempts: 1 },
    params: step.params ?? {},
    outputs: givenByPipeline(ports),
  }) satisfies Partial<PlannedStep>;

const approvalOf = ({ withinMs = 7 * dayMs, ...more }: ApprovalDefinition) =>
  ({
    kind: 'approval',
    component: 'approval',
    version: '',
    approval: { withinMs, ...more },
    cache: 'off',
    timeoutMs: withinMs,
    params: {},
    outputs: { by: { type: 'value', optional: true }, reason: { type: 'value', optional: true } },
  }) satisfies Partial<PlannedStep>;

const plannedInput = (
  { port, sources }: DraftInput,
  { type, optional, many }: Port = { type: 'value' },
  at: (step: string) => number,
): PlannedInput => ({
  port,
  type,
  optional: optional === true,
  ...(many ? { many } : {}),
  sources: sources.flatMap((source): PlannedSource[] => {
    if (source.kind === 'unreadable') return [];
    if (source.kind === 'item') return [{ item: source.field === undefined ? {} : { field: source.field } }];
    const one = source.at === undefined ? {} : { at: source.at };
    return [{ from: at(source.step), output: source.port, ...one }];
  }),
});

/** For a definition without problems only. @param pipeline the versions of other pipelines that its steps are to run */
export const planOf = (
  definition: PipelineDefinition,
  find: FindComponent,
  pipeline?: FindPipeline,
): Plan => {
  const known: Known = { component: find, ...(pipeline ? { pipeline } : {}) };
  const draft = draftOf(definition);
  const graph = graphOf(draft);
  const draftAt = (name: string): DraftStep => {
    const step = draft.steps.get(name);
    if (!step) throw new Error(`step '${name}' is not in '${definition.name}'`);
    return step;
  };
  const inTurn = topologicalOrder(graph);
  // No step needs one of a later phase, so that this is a topological order, too.
  const order = Object.values(phases).flatMap((phase) =>
    inTurn.filter((name) => draftAt(name).phase === phase),
  );
  const position = new Map(order.map((name, index) => [name, index]));
  const at = (name: string): number => {
    const index = position.get(name);
    if (index === undefined) throw new Error(`step '${name}' is not in the plan of '${definition.name}'`);
    return index;
  };
  const needs = order.map((name) => (graph.get(name) ?? []).map(at));
  const dependents: number[][] = order.map(() => []);
  needs.forEach((list, index) => list.forEach((need) => dependents[need]?.push(index)));

  const bodyOf = (name: string, step: StepDefinition, descriptor: ComponentDescriptor | undefined) => {
    if (step.pipeline !== undefined) return pipelineOf(step, step.pipeline, ownPorts(draftAt(name), known));
    if (step.approval) return approvalOf(step.approval);
    if (!descriptor) throw new Error(`step '${name}' of '${definition.name}' has no component`);
    return taskOf(step, descriptor);
  };

  const steps = order.map((name, index): PlannedStep => {
    const { path, phase, inputs } = draftAt(name);
    const step = ownProperty(definition[path[0] as keyof typeof phases], name) ?? {};
    const descriptor = step.component === undefined ? undefined : find(step.component);
    return {
      name,
      ...commonOf(step, phase),
      ...bodyOf(name, step, descriptor),
      inputs: inputs.map((input) => plannedInput(input, ownProperty(descriptor?.inputs, input.port), at)),
      needs: needs[index] ?? [],
      dependents: dependents[index] ?? [],
    };
  });
  const { concurrency, priority } = definition;
  return {
    pipeline: definition.name,
    steps,
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(priority === undefined ? {} : { priority }),
    ...scheduleOf(definition),
    ...triggersOf(definition),
  };
};
