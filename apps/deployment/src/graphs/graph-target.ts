import type { ArtifactRef, ModelSignature, Target } from '@millrace/contracts';
import type { Endpoint } from '../endpoints/endpoint.entity.js';

/** A graph, ready for replicas. */
export interface PreparedGraph {
  name: string;
  artifact: ArtifactRef;
  signature: ModelSignature;
}

/** The same graph with the same models is the same version of the endpoint; anything else is one that it never had. */
export const graphTarget = (
  { rollout, targets }: Pick<Endpoint, 'rollout' | 'targets'>,
  { name, artifact }: Omit<PreparedGraph, 'signature'>,
): Target => {
  const known = [rollout?.candidate, rollout?.stable, ...targets].filter((one) => one !== undefined);
  const same = known.find((one) => one.model === name && one.artifact.digest === artifact.digest);
  const last = Math.max(rollout?.number ?? 0, ...known.map(({ version }) => version));
  return { model: name, version: same?.version ?? last + 1, artifact, weight: 100 };
};
