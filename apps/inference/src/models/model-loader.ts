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
      throw isVerdict(error) ? error : new ModelAway(error);
    }
  }
}

/** About the model itself. An artifact that is not there was there when it was registered: its store may be away. */
const isVerdict = (error: unknown): boolean => {
  const { code } = error as { code?: unknown };
  return isErrorCode(code) && code !== 'not_found';
};

class ModelAway extends DomainError {
  constructor(cause: unknown) {
    super(
      'unavailable',
      `the model cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
      },
    );
  }
}
