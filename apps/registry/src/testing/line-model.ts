import type { ArtifactStore } from '@millrace/artifacts';
import { mediaTypes, type ArtifactRef, type ModelManifest } from '@millrace/contracts';
import { buildFusedModel, inspectModel } from '@millrace/onnx';

/** A model artifact of prediction = slope · x + 1, with whatever is to be wrong with it. */
export const putLine = async (
  store: ArtifactStore,
  slope: number,
  change: (manifest: ModelManifest) => object = () => ({}),
): Promise<ArtifactRef> => {
  const bytes = buildFusedModel({
    fitted: {
      version: 1,
      columns: [
        {
          name: 'x',
          kind: 'number',
          parts: [{ encode: 'number', fill: 0, center: 0, factor: 1, part: null, offset: 0, width: 1 }],
        },
      ],
      features: ['x'],
    },
    estimator: { kind: 'linear', features: 1, coefficients: Float64Array.of(slope), intercept: 1 },
  });
  const { inputs, outputs } = inspectModel(bytes);
  const manifest: ModelManifest = {
    kind: 'model',
    onnx: await store.put(bytes, { type: 'file', mediaType: mediaTypes.onnx }),
    signature: { inputs, outputs },
    task: 'regression',
    estimator: { name: 'linear', params: { l2: 1 } },
    features: ['x'],
    golden: {
      rows: [{ x: 1 }, { x: 2 }],
      outputs: { prediction: [[slope + 1], [2 * slope + 1]] },
      tolerance: 1e-5,
    },
    parity: { rows: 2, maxAbsoluteDifference: 0, tolerance: 1e-5 },
    metrics: { rmse: 0.5, r2: 0.9 },
    lineage: { train: 'sha256:0' },
  };
  return store.putJson({ ...manifest, ...change(manifest) }, { type: 'model' });
};
