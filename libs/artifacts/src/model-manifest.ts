import { DomainError, isArtifactRef, type ArtifactRef, type ModelManifest } from '@millrace/contracts';
import type { ArtifactStore } from './artifact-store.js';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isTensors = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every(
    (spec) =>
      isObject(spec) &&
      typeof spec['name'] === 'string' &&
      typeof spec['datatype'] === 'string' &&
      Array.isArray(spec['shape']) &&
      spec['shape'].every(Number.isInteger),
  );

const describesModel = (value: unknown): value is ModelManifest => {
  if (!isObject(value) || value['kind'] !== 'model' || !isArtifactRef(value['onnx'])) return false;
  const { signature, golden, metrics, classes } = value;
  return (
    isObject(signature) &&
    isTensors(signature['inputs']) &&
    isTensors(signature['outputs']) &&
    isObject(golden) &&
    Array.isArray(golden['rows']) &&
    isObject(golden['outputs']) &&
    typeof golden['tolerance'] === 'number' &&
    isObject(metrics) &&
    (classes === undefined || Array.isArray(classes))
  );
};

/** @throws DomainError invalid_request when the reference is not to a model, integrity when its manifest is malformed */
export const readModel = async (
  store: Pick<ArtifactStore, 'getJson'>,
  ref: ArtifactRef,
): Promise<ModelManifest> => {
  if (ref.type !== 'model')
    throw new DomainError('invalid_request', `expected a model, got a ${ref.type} (${ref.digest})`);
  const manifest = await store.getJson<unknown>(ref);
  if (!describesModel(manifest))
    throw new DomainError('integrity', `the manifest of model ${ref.digest} is malformed`);
  return manifest;
};
