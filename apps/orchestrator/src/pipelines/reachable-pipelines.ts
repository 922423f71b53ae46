import { InvalidRequest, type PipelineDefinition } from '@millrace/contracts';
import { pipelinesIn } from '../definition/call-tree.js';
import type { FindPipeline } from '../definition/ports.js';

const maxReached = 200;

/** One version of a stored pipeline. */
export interface Version {
  name: string;
  version: number;
  definition: PipelineDefinition;
}

/** The stored pipelines that a definition's steps run, and those that theirs do. */
export interface Reachable {
  find: FindPipeline;
  definitions: readonly PipelineDefinition[];
  /** Pipeline → version. */
  versions: { readonly [name: string]: number };
}

/** @throws InvalidRequest where they are too many */
export const reachablePipelines = async (
  definition: unknown,
  read: (names: readonly string[]) => Promise<readonly Version[]>,
): Promise<Reachable> => {
  const found = new Map<string, Version>();
  const asked = new Set<string>();
  for (let next = pipelinesIn(definition); next.length > 0;) {
    next.forEach((name) => asked.add(name));
    if (asked.size > maxReached)
      throw new InvalidRequest([
        { field: 'definition', message: `runs more than ${maxReached} other pipelines, and theirs` },
      ]);
    const versions = await read(next);
    versions.forEach((each) => found.set(each.name, each));
    next = [...new Set(versions.flatMap((each) => pipelinesIn(each.definition)))].filter(
      (name) => !asked.has(name),
    );
  }
  return {
    find: (name) => found.get(name)?.definition,
    definitions: [...found.values()].map((each) => each.definition),
    versions: Object.fromEntries([...found.values()].map(({ name, version }) => [name, version])),
  };
};
