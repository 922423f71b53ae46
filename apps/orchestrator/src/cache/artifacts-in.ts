import { isArtifactRef, type ArtifactRef } from '@millrace/contracts';

/** References inside of a value. A manifest's `lineage` tells where it came from; that need not be there any more. */
export const artifactsIn = (value: unknown): ArtifactRef[] => {
  if (isArtifactRef(value)) return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => (key === 'lineage' ? [] : artifactsIn(item)));
};
