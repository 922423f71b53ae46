import { readModel, type ArtifactStore } from '@millrace/artifacts';
import type { ArtifactRef, GraphPorts } from '@millrace/contracts';

/** What a model takes and gives, as graphs see it. */
export const portsOfModel = async (store: ArtifactStore, artifact: ArtifactRef): Promise<GraphPorts> => {
  const { signature, task, classes } = await readModel(store, artifact);
  return { signature, task, ...(classes ? { classes } : {}) };
};
