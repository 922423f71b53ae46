import type { ArtifactType, JsonValue, PipelineDefinition } from '@millrace/contracts';
import type { FindComponent } from './check-connections.js';
import { draftOf } from './draft.js';
import { graphOf, topologicalOrder } from './graph.js';
import { ownProperty } from './own-property.js';
import { withDefaults } from './params-schema.js';

/** A checked definition, laid out for driving: steps by position, in topological order. */
export interface Plan {
  pipeline: string;
  steps: readonly PlannedStep[];
}

export interface PlannedStep {
  name: string;
  component: string;
  /** SemVer of the component that the run began with. */
  version: string;
  /** May its result come from, and go to, the cache? */
  cache: 'yes' | 'off' | 'not-deterministic';
  timeoutMs: number;
  /** As the pipeline says it; without, only the absence of a service is tried again. */
  retry?: { attempts: number; backoffMs?: number };
  /** With the component's defaults; expressions unresolved. */
  params: { [name: string]: JsonValue };
  inputs: readonly { port: string; from: number; output: string; optional: boolean }[];
  outputs: { readonly [port: string]: { type: ArtifactType | 'value'; optional: boolean } };
  /** Positions of the steps that must succeed first, and of those that wait for this one. */
  needs: readonly number[];
  dependents: readonly number[];
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
    const descriptor = step && find(step.component);
    if (!step || !descriptor) throw new Error(`step '${name}' of '${definition.name}' has no component`);
    return {
      name,
      component: descriptor.name,
      version: descriptor.version,
      cache: step.cache === false ? 'off' : descriptor.deterministic ? 'yes' : 'not-deterministic',
      timeoutMs: step.timeoutMs ?? descriptor.timeoutMs,
      ...(step.retry ? { retry: step.retry } : {}),
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
