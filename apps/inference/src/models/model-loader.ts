import { readModel, type ArtifactStore } from '@millrace/artifacts';
import { DomainError, isErrorCode, type ArtifactRef, type ExecutionOptions } from '@millrace/contracts';
import type { Logger } from '@millrace/observability';
import { settingsFor, type ExecutionSettings } from '../execution/execution-settings.js';
import { LoadedModel } from './loaded-model.js';
import { Prober } from './prober.js';
import { startRunners } from './start-runners.js';

/** Brings a model from its artifact to where it can be asked: digest, inspection, signature, golden sample, warm. */
export class ModelLoader {
  private readonly prober = new Prober();

  constructor(
    private readonly artifacts: Pick<ArtifactStore, 'get' | 'getJson'>,
    private readonly settings: ExecutionSettings,
    private readonly logger: Logger,
  ) {}

  async load(artifact: ArtifactRef, options?: ExecutionOptions): Promise<LoadedModel> {
    const settings = settingsFor(this.settings, options);
    const { digest } = artifact;
    try {
      const manifest = await readModel(this.artifacts, artifact);
      const bytes = (): Promise<Uint8Array> => this.artifacts.get(manifest.onnx);
      const trial = await this.prober.probe(await bytes(), manifest, settings);
      const restarted = (err: DomainError): void =>
        this.logger.warn({ err, digest }, 'the thread or process of a model ended, and is started anew');
      const runners = await startRunners({ manifest, settings, bytes, restarted }, trial);
      this.logger.debug({ digest, ...trial.placement, runners: runners.length }, 'a model was placed');
      return new LoadedModel(artifact, manifest, runners, settings);
    } catch (error) {
      throw isVerdict(error) ? error : new ModelAway(error);
    }
  }

  close(): void {
    this.prober.close();
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
