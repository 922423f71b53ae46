import type { DomainError, ModelManifest } from '@millrace/contracts';
import {
  loadHosted,
  loadModel,
  ModelHost,
  tableToFeeds,
  type HostedModel,
  type HostKind,
  type RunnableModel,
} from '@millrace/onnx';
import type { Breaker } from '../execution/breaker.js';
import type { ExecutionSettings } from '../execution/execution-settings.js';
import { HostedRunner } from '../execution/hosted-runner.js';
import { InlineRunner } from '../execution/inline-runner.js';
import type { Runner } from '../execution/runner.js';
import type { Trial } from './prober.js';

export interface RunnerSource {
  manifest: ModelManifest;
  settings: ExecutionSettings;
  /** Of the model's file, each time anew: they are not kept for a restart that may never come. */
  bytes(): Promise<Uint8Array>;
  /** One for all that ever run it. */
  breaker: Breaker;
  /** A thread or process ended, and is being replaced. */
  restarted(reason: DomainError): void;
}

/** The runners of a model that was tried, each with the model in it, and warm. */
export const startRunners = async (source: RunnerSource, { placement, model }: Trial): Promise<Runner[]> => {
  const { kind, maxRows } = placement;
  if (kind === 'inline') {
    const onnx = await loadModel(await source.bytes());
    await warmUp(onnx, source.manifest);
    return [new InlineRunner(onnx, maxRows)];
  }
  const { breaker, restarted } = source;
  const start = (next: HostKind): Promise<HostedModel> => startHosted(source, next);
  const toRunner = (first: HostedModel): Runner => new HostedRunner(first, { start, breaker, restarted });
  const runners = model ? [toRunner(model)] : [];
  try {
    while (runners.length < source.settings.runners) runners.push(toRunner(await start(kind)));
    return runners;
  } catch (error) {
    await Promise.all(runners.map((runner) => runner.close()));
    throw error;
  }
};

const startHosted = async (
  { bytes, manifest, settings }: RunnerSource,
  kind: HostKind,
): Promise<HostedModel> => {
  const { memoryMb, loadTimeoutMs, timeoutMs } = settings;
  const file = await bytes();
  const host = new ModelHost({ kind, memoryMb });
  try {
    const model = await loadHosted(file, host, { loadTimeoutMs, runTimeoutMs: loadTimeoutMs });
    await warmUp(model, manifest);
    model.runTimeoutMs = timeoutMs;
    return model;
  } catch (error) {
    host.end();
    throw error;
  }
};

const warmUp = async (model: RunnableModel, { golden, signature }: ModelManifest): Promise<void> => {
  const [row] = golden.rows;
  if (row) await model.run(tableToFeeds(signature, [row]));
};
