import { readFile } from 'node:fs/promises';
import type { ArtifactStore } from '@millrace/artifacts';
import {
  mediaTypes,
  type ArtifactRef,
  type GraphPorts,
  type InferenceGraphManifest,
} from '@millrace/contracts';
import { readGraph } from '@millrace/pipeline/inference-graph';

/** A graph as deployment leaves it for replicas. @param models by name */
export const putGraph = async (
  store: ArtifactStore,
  source: unknown,
  models: Record<string, ArtifactRef>,
  endpoints: Record<string, GraphPorts> = {},
): Promise<ArtifactRef> => {
  const { definition } = readGraph(source);
  const manifest: InferenceGraphManifest = {
    kind: 'inference-graph',
    definition: JSON.stringify(definition),
    models: Object.fromEntries(
      Object.entries(definition.nodes).flatMap(([node, declared]) => {
        if (!('model' in declared)) return [];
        const [model] = declared.model.split('@');
        return [[node, { model: model!, version: 1, artifact: models[model!]! }]];
      }),
    ),
    endpoints,
    ports: { task: 'regression', signature: { inputs: [], outputs: [] } },
  };
  return store.putJson(manifest, { type: 'file', mediaType: mediaTypes.inferenceGraph });
};

/** The examples of the documentation, by the name of the graph. */
export const documentedGraphs = async (): Promise<Map<string, string>> => {
  const text = await readFile(new URL('../../../../docs/inference-graphs.md', import.meta.url), 'utf8');
  const blocks = [...text.matchAll(/```yaml\n([^`]+)```/g)].map(([, yaml]) => yaml!);
  return new Map(blocks.map((yaml) => [readGraph(yaml).definition.name, yaml]));
};
