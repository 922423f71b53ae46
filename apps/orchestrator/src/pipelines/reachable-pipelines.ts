import { InvalidRequest, type PipelineDefinition } from '@millrace/contracts';
import { pipelinesIn } from '../definition/compile.js';
import type { FindPipeline } from '../definition/ports.js';

const maxReached = 200;

/**
 * The stored pipelines that a definition's steps run, and those that theirs do.
 * @throws InvalidRequest where they are too many
 */
export const reachablePipelines = async (
  definition: unknown,
  read: (names: readonly string[]) => Promise<readonly PipelineDefinition[]>,
): Promise<FindPipeline> => {
  const found = new Map<string, PipelineDefinition>();
  const asked = new Set<string>();
  for (let next = pipelinesIn(definition); next.length > 0;) {
    next.forEach((name) => asked.add(name));
    if (asked.size > maxReached)
      throw new InvalidRequest([
        { field: 'definition', message: `runs more than ${maxReached} other pipelines, and theirs` },
      ]);
    const definitions = await read(next);
    definitions.forEach((each) => found.set(each.name, each));
    next = [...new Set(definitions.flatMap(pipelinesIn))].filter((name) => !asked.has(name));
  }
  return (name) => found.get(name);
};
