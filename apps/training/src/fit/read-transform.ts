import type { ArtifactStore } from '@millrace/artifacts';
import { DomainError, tasks, type ArtifactRef, type TransformManifest } from '@millrace/contracts';
import type { FittedPreprocessing } from '@millrace/ml';

export type Transform = Omit<TransformManifest, 'fitted'> & { fitted: FittedPreprocessing };

const isTransform = (value: unknown): value is Transform => {
  const { kind, inputs, features, label, fitted } = (value ?? {}) as Partial<Transform>;
  return (
    kind === 'transform' &&
    Array.isArray(inputs) &&
    Array.isArray(features) &&
    typeof label?.name === 'string' &&
    tasks.includes(label.task) &&
    (label.task === 'regression' || (Array.isArray(label.classes) && label.classes.length >= 2)) &&
    fitted?.version === 1 &&
    Array.isArray(fitted.columns) &&
    Array.isArray(fitted.features)
  );
};

/** @throws DomainError `integrity` when the manifest is malformed or of a version that is not known here */
export const readTransform = async (store: ArtifactStore, ref: ArtifactRef): Promise<Transform> => {
  const manifest = await store.getJson<unknown>(ref);
  if (isTransform(manifest)) return manifest;
  throw new DomainError('integrity', `the manifest of transform ${ref.digest} is malformed`);
};
