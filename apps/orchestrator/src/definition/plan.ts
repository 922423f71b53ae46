import type {
  ArtifactType,
  CatchUpPolicy,
  JsonValue,
  ParamValues,
  PipelineDefinition,
  RetryDefinition,
} from '@millrace/contracts';
import type { Cel } from '../expression/cel.js';
import type { FindComponent } from './check-connections.js';
import { draftOf } from './draft.js';
import { graphOf, topologicalOrder } from './graph.js';
import { ownProperty } from './own-property.js';
import { withDefaults } from './params-schema.js';

/** A checked definition, laid out for driving: steps by position, in topological order. */
export interface Plan {
  pipeline: string;
  /** Of all phases; those of `onFailure` and `finally` after those of `main`. */
  steps: readonly PlannedStep[];
  /** Runs at once. */
  concurrency?: number;
  /** 0…9, 9 first. */
  priority?: number;
  schedule?: PlannedSchedule;
  triggers?: readonly PlannedTrigger[];
}

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
  /** May its result come from the cache (`yes`), and go there (`yes`, `refresh`)? */
  cache: 'yes' | 'refresh' | 'off' | 'not-deterministic';
  /** A cached result must not be older. */
  cacheTtlMs?: number;
  /** Of one attempt. */
  timeoutMs: number;
  /** Of all attempts. */
  stepTimeoutMs?: number;
  /** As the pipeline says it; without, only the absence of a service is tried again. */
  retry?: RetryPolicy;
  /** 0…9, 9 first. */
  priority?: number;
  /** With the component's defaults; expressions unresolved. */
  params: { [name: string]: JsonValue };
  /** `list`: the source is a `foreach`, and gives a list. */
  inputs: readonly { port: string; from: number; output: string; optional: boolean; list?: boolean }[];
  /** Of one instance, where there are several. */
  outputs: { readonly [port: string]: { type: ArtifactType | 'value'; optional: boolean } };
  /** Positions of the steps that must succeed first (with `when`: end first), and of those that wait for this one. */
  needs: readonly number[];
  dependents: readonly number[];
}

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

/** For a definition without problems only. */
export const planOf = (definition: PipelineDefinition, find: FindComponent): Plan => {
  const draft = draftOf(definition);
  const graph = graphOf(draft);
  const order = topologicalOrder(graph);
  const position = new Map(order.map((name, index) => [name, index]));
  const at = (name: string): number => {
    const index = position.get(name);
    if (index === undefined) throw new Error(`step '${name}' is not in the plan of '${definition.name}'`);
    return index;
  };
  const needs = order.map((name) => (graph.get(name) ?? []).map(at));
  const dependents: number[][] = order.map(() => []);
  needs.forEach((list, index) => list.forEach((need) => dependents[need]?.push(index)));

  const steps = order.map((name, index): PlannedStep => {
    const step = ownProperty(definition.steps, name);
    const descriptor = step?.component === undefined ? undefined : find(step.component);
    if (!step || !descriptor) throw new Error(`step '${name}' of '${definition.name}' has no component`);
    return {
      name,
      component: descriptor.name,
      version: descriptor.version,
      cache: step.cache === false ? 'off' : descriptor.deterministic ? 'yes' : 'not-deterministic',
      timeoutMs: step.timeoutMs ?? descriptor.timeoutMs,
      ...(step.retry ? { retry: { ...retryDefaults, ...step.retry } } : {}),
      params: withDefaults(step.params ?? {}, descriptor),
      inputs: (draft.steps.get(name)?.inputs ?? []).flatMap(({ port, from }) =>
        from
          ? [
              {
                port,
                from: at(from.step),
                output: from.port,
                optional: ownProperty(descriptor.inputs, port)?.optional === true,
              },
            ]
          : [],
      ),
      outputs: Object.fromEntries(
        Object.entries(descriptor.outputs).map(([port, { type, optional }]) => [
          port,
          { type, optional: optional === true },
        ]),
      ),
      needs: needs[index] ?? [],
      dependents: dependents[index] ?? [],
    };
  });
  return { pipeline: definition.name, steps };
};
