import {
  DomainError,
  isArtifactRef,
  mediaTypes,
  type ArtifactRef,
  type InferenceGraphManifest,
} from '@millrace/contracts';

export const isGraph = ({ mediaType }: ArtifactRef): boolean => mediaType === mediaTypes.inferenceGraph;

/** @throws DomainError `integrity` where the artifact is no graph */
export const checkManifest = (value: unknown): InferenceGraphManifest => {
  const { kind, definition, models, endpoints } = (value ?? {}) as Partial<InferenceGraphManifest>;
  const isSound =
    kind === 'inference-graph' &&
    typeof definition === 'string' &&
    typeof models === 'object' &&
    typeof endpoints === 'object' &&
    Object.values(models).every(({ artifact }) => isArtifactRef(artifact));
  if (!isSound) throw new DomainError('integrity', 'the artifact is no inference graph');
  return value as InferenceGraphManifest;
};
