import type { PipelineDefinition } from '@millrace/contracts';
import { draftOf, type Draft } from './draft.js';

/** How deep pipelines may run each other, the first of them not counted. */
export const maxNesting = 8;

/** How many steps a pipeline may come to, with those of all that it runs: a few that each run the next twice would be endless. */
export const maxSteps = 10_000;

export interface CallTree {
  /** 0: it runs no other. */
  depth: number;
  steps: number;
}

/** Pipelines by which a way leads back to one that is on it already. */
export class Circle extends Error {
  constructor(readonly way: readonly string[]) {
    super(`pipelines would run each other without end: ${way.join(' → ')}`);
  }
}

const pipelinesOf = ({ steps }: Draft): string[] =>
  [...steps.values()].flatMap(({ pipeline }) => pipeline ?? []);

/** The pipelines that a definition's steps run, known or not, each once. */
export const pipelinesIn = (definition: unknown): string[] => [...new Set(pipelinesOf(draftOf(definition)))];

/** How deep and how large a stored pipeline is, with all that it runs; each of them is looked at once. */
export class CallTrees {
  readonly #known = new Map<string, CallTree>();

  constructor(private readonly find: (name: string) => PipelineDefinition | undefined) {}

  /**
   * Of a pipeline that is not known, it is that of nothing.
   * @param way the pipelines by which it was come to
   * @throws Circle
   */
  of(name: string, way: readonly string[]): CallTree {
    if (way.includes(name)) throw new Circle([...way, name]);
    const known = this.#known.get(name);
    if (known) return known;
    const definition = this.find(name);
    const tree = definition ? this.#make(definition, [...way, name]) : { depth: 0, steps: 0 };
    this.#known.set(name, tree);
    return tree;
  }

  #make(definition: PipelineDefinition, way: readonly string[]): CallTree {
    const draft = draftOf(definition);
    const trees = pipelinesOf(draft).map((name) => this.of(name, way));
    return {
      depth: Math.max(0, ...trees.map(({ depth }) => depth + 1)),
      steps: trees.reduce((sum, { steps }) => sum + steps, draft.steps.size),
    };
  }
}
