import { readModel, type ArtifactStore } from '@millrace/artifacts';
import { DomainError, isErrorCode, type ArtifactRef, type ExecutionOptions } from '@millrace/contracts';
import type { Logger } from '@millrace/observability';
import { Breaker } from '../execution/breaker.js';
import { settingsFor, type ExecutionSettings } from '../execution/execution-settings.js';
import { ModelExplainer } from '../explain/model-explainer.js';
import type { Runner } from '../execution/runner.js';
import { estimateBytes } from './estimate-bytes.js';
import { LoadedModel } from './loaded-model.js';
import { Prober } from './prober.js';
import type { Shelf } from './shelf.js';
import { startRunners } from './start-runners.js';

/** Brings a model from its artifact to where it can be asked: digest, inspection, signature, golden sample, warm. */
export class ModelLoader {
  private readonly prober = new Prober();

  constructor(
    private readonly artifacts: Pick<ArtifactStore, 'get' | 'getJson'>,
    private readonly settings: ExecutionSettings,
    private readonly shelf: Shelf,
    private readonly logger: Logger,
  ) {}

  async load(artifact: ArtifactRef, options?: ExecutionOptions): Promise<LoadedModel> {
    const settings = settingsFor(this.settings, options);
    const { digest } = artifact;
    try {
      const manifest = await readModel(this.artifacts, artifact);
      const bytes = (): Promise<Uint8Array> => this.artifacts.get(manifest.onnx);
      const { placement, model } = await this.prober.probe(await bytes(), manifest, settings);
      const restarted = (err: DomainError): void =>
        this.logger.warn({ err, digest }, 'the thread or process of a model ended, and is started anew');
      const source = { manifest, settings, bytes, breaker: new Breaker(), restarted };
      const runners = await startRunners(source, { placement, ...(model ? { model } : {}) });
      this.logger.debug({ digest, ...placement, runners: runners.length }, 'a model was placed');
      const size = estimateBytes(manifest.onnx.size, placement, runners.length);
      // It was tried once, and is the same file whenever it wakes.
      const wake = (): Promise<Runner[]> => startRunners(source, { placement }).catch(isAway);
      const { shelf } = this;
      const explainer = new ModelExplainer(bytes, settings);
      return new LoadedModel({ artifact, manifest, settings, shelf, explainer, wake, bytes: size }, runners);
    } catch (error) {
      return isAway(error);
    }
  }

  close(): void {
    this.prober.close();
  }
}

const isAway = (error: unknown): never => {
  throw isVerdict(error) ? error : new ModelAway(error);
};

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
