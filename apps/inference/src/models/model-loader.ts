import { readModel, type ArtifactStore } from '@millrace/artifacts';
import { DomainError, isErrorCode, type ArtifactRef } from '@millrace/contracts';
import { loadVerified } from '@millrace/onnx';
import { InlineRunner } from '../execution/inline-runner.js';
import { LoadedModel, type QueueLimits } from './loaded-model.js';

/** Brings a model from its artifact to where it can be asked: digest, inspection, signature, golden sample, warm. */
export class ModelLoader {
  constructor(
    private readonly artifacts: Pick<ArtifactStore, 'get' | 'getJson'>,
    private readonly limits: QueueLimits,
  ) {}

  async load(artifact: ArtifactRef): Promise<LoadedModel> {
    try {
      const manifest = await readModel(this.artifacts, artifact);
      const onnx = await loadVerified(await this.artifacts.get(manifest.onnx), manifest);
      return new LoadedModel(artifact, manifest, new InlineRunner(onnx), this.limits);
    } catch (error) {
      if (isErrorCode((error as { code?: unknown }).code)) throw error;
      // Not a verdict on the model: a disk or a store that may be better in a moment.
      throw new DomainError('unavailable', `the model cannot be read: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }
}
