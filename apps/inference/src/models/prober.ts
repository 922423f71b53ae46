import { DomainError, type ModelManifest } from '@millrace/contracts';
import { loadHosted, ModelHost, verifyModel, type HostedModel } from '@millrace/onnx';
import type { ExecutionSettings } from '../execution/execution-settings.js';
import { measureModel } from '../execution/measure-model.js';
import { placeModel, type Placement } from '../execution/place-model.js';

/** How long a process that nobody needs stays warm: starting one costs some 100 ms. */
const idleMs = 10_000;

export interface Trial {
  placement: Placement;
  /** Where it is to stay in the process that it was tried in. */
  model?: HostedModel;
}

/**
 * Tries each model in a process of its own before it may come here: whatever is wrong with it, to load it, to check it
 * against its golden sample and to measure it costs that process, within limits of time and memory.
 */
export class Prober {
  private host: ModelHost | undefined;
  private timer: NodeJS.Timeout | undefined;
  private last: Promise<unknown> = Promise.resolve();

  /** One after the other. @throws DomainError `data_invalid`, `integrity`; `unavailable` when the process was taken away */
  probe(bytes: Uint8Array, manifest: ModelManifest, settings: ExecutionSettings): Promise<Trial> {
    const trial = this.last.then(() => this.tryOut(bytes, manifest, settings));
    this.last = trial.catch(() => {});
    return trial;
  }

  close(): void {
    clearTimeout(this.timer);
    this.host?.end();
    this.host = undefined;
  }

  private async tryOut(
    bytes: Uint8Array,
    manifest: ModelManifest,
    settings: ExecutionSettings,
  ): Promise<Trial> {
    const host = this.hostOf(settings.memoryMb);
    try {
      const { loadTimeoutMs } = settings;
      const model = await loadHosted(bytes, host, { loadTimeoutMs, runTimeoutMs: loadTimeoutMs });
      await verifyModel(model, manifest);
      const measured = await measureModel(model, manifest, settings.timeoutMs);
      if (measured && measured.oneRowMs > settings.timeoutMs) throw new TooSlow(measured.oneRowMs, settings);
      const placement = placeModel(manifest.signature, measured, settings);
      if (placement.kind !== 'process') return { placement };
      model.runTimeoutMs = settings.timeoutMs;
      this.host = undefined;
      return { placement, model };
    } finally {
      this.rest();
    }
  }

  private hostOf(memoryMb: number): ModelHost {
    clearTimeout(this.timer);
    if (this.host && (this.host.ended || this.host.memoryMb !== memoryMb)) this.close();
    return (this.host ??= new ModelHost({ kind: 'process', memoryMb }));
  }

  private rest(): void {
    this.timer = setTimeout(() => this.close(), idleMs);
    this.timer.unref();
  }
}

class TooSlow extends DomainError {
  constructor(oneRowMs: number, { timeoutMs }: ExecutionSettings) {
    super(
      'data_invalid',
      `one row takes the model ${Math.ceil(oneRowMs)} ms, more than the ${timeoutMs} ms that a run may take`,
    );
  }
}
