import { readModel, type ArtifactStore } from '@millrace/artifacts';
import type { ArtifactRef, RegisterVersion, ReportManifest } from '@millrace/contracts';
import { loadVerified } from '@millrace/onnx';
import type { ModelVersion } from '../models/model-version.entity.js';

/** What the artifacts say of a version. */
export type VersionContent = Pick<
  ModelVersion,
  'model' | 'report' | 'signature' | 'task' | 'metrics' | 'lineage'
>;

/**
 * Runs the model once before it gets a number: inspected, of the signature that its manifest says, and true to its golden
 * rows.
 * @throws DomainError `integrity` (the row and output named), `data_invalid`, `not_found`
 */
export const checkModel = async (
  store: ArtifactStore,
  { model, report }: Pick<RegisterVersion, 'model' | 'report'>,
): Promise<VersionContent> => {
  const manifest = await readModel(store, model);
  await using _ = await loadVerified(await store.get(manifest.onnx), manifest);
  const { signature, task, metrics, lineage, onnx, estimator } = manifest;
  const origin = {
    ...lineage,
    onnx: onnx.digest,
    estimator: { name: estimator.name, params: estimator.params },
  };
  return {
    model,
    report: report ?? null,
    signature,
    task,
    // Measured on held-out data, where there is a report of it.
    metrics: { ...metrics, ...(report ? await metricsOf(store, report) : {}) },
    lineage: origin,
  };
};

const metricsOf = async (store: ArtifactStore, report: ArtifactRef): Promise<Record<string, number>> => {
  const { metrics } = await store.getJson<Partial<ReportManifest>>(report);
  return Object.fromEntries(Object.entries(metrics ?? {}).filter(([, value]) => Number.isFinite(value)));
};
