import { readDataset } from '@millrace/artifacts';
import {
  Component,
  type ComponentResult,
  type PipelineComponent,
  type TaskContext,
} from '@millrace/component';
import {
  isArtifactRef,
  mediaTypes,
  type ArtifactRef,
  type JsonValue,
  type ModelManifest,
} from '@millrace/contracts';
import { Inject } from '@nestjs/common';
import { ExperimentsService } from '../experiments/experiments.service.js';
import { checkDataset } from './check-dataset.js';
import type { FitJob, FittedModel } from './fit-job.js';
import { FitRunner } from './fit-runner.js';
import { FIT_SETTINGS, type FitSettings } from './fit-settings.js';
import { fitParams, type FitParams } from './fit.params.js';
import { readTransform, type Transform } from './read-transform.js';

@Component({
  name: 'training.fit',
  // 1.1.0: the model can be explained.
  version: '1.1.0',
  description:
    'Fits an estimator, fuses it with the preprocessing into one ONNX graph, and proves that both agree.',
  inputs: {
    train: { type: 'dataset' },
    transform: { type: 'transform' },
    test: { type: 'dataset', optional: true, description: 'Held-out rows, for metrics and the proof.' },
  },
  outputs: { model: { type: 'model' } },
  params: fitParams,
  deterministic: true,
  timeoutMs: 3_600_000,
})
export class FitComponent implements PipelineComponent<FitParams> {
  constructor(
    private readonly runner: FitRunner,
    private readonly experiments: ExperimentsService,
    @Inject(FIT_SETTINGS) private readonly settings: FitSettings,
  ) {}

  async run(context: TaskContext<FitParams>): Promise<ComponentResult> {
    const startedAt = Date.now();
    const transform = await readTransform(context.artifacts, context.input('transform'));
    const fitted = await this.runner.fit(await this.jobOf(context, transform), {
      signal: context.signal,
      report: ({ fraction, ...more }) => context.progress(fraction, more),
    });
    if (!fitted.converged) context.log('warn', `not converged after ${fitted.curve.length} iterations`);
    const model = await storeModel(context, transform, fitted);
    await this.experiments.record({
      ...recordOf(context, model, fitted),
      durationMs: Date.now() - startedAt,
      createdAt: Date.now(),
    });
    return { outputs: { model }, metrics: metricsOf(fitted) };
  }

  private async jobOf(
    { artifacts, inputs, params }: TaskContext<FitParams>,
    transform: Transform,
  ): Promise<FitJob> {
    const { fitted, inputs: columns, label } = transform;
    const wanted = [...fitted.columns.map(({ name }) => name), label.name];
    const paths = async (port: 'train' | 'test') => {
      const ref = inputs[port];
      if (!isArtifactRef(ref)) return null;
      const { manifest, paths } = await readDataset(artifacts, ref);
      checkDataset(port, manifest, { columns: wanted, maxRows: this.settings.maxRows });
      return paths;
    };
    const [train, test] = [(await paths('train'))!, await paths('test')];
    return { train, test, fitted, columns, label, params, memoryLimitMb: this.settings.memoryLimitMb };
  }
}

const digestsOf = ({ inputs }: TaskContext<FitParams>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(inputs).flatMap(([port, value]) => (isArtifactRef(value) ? [[port, value.digest]] : [])),
  );

const storeModel = async (
  context: TaskContext<FitParams>,
  { label, features }: Transform,
  { onnx, signature, golden, parity, metrics, baseline }: FittedModel,
): Promise<ArtifactRef> => {
  const { estimator, ...params } = context.params;
  const manifest: ModelManifest = {
    kind: 'model',
    onnx: await context.artifacts.put(onnx, { type: 'file', mediaType: mediaTypes.onnx }),
    task: label.task,
    label: { name: label.name, type: label.type },
    ...(label.classes ? { classes: label.classes } : {}),
    estimator: { name: estimator, params: params as Record<string, JsonValue> },
    lineage: digestsOf(context),
    ...{ signature, features, golden, parity, metrics, baseline },
  };
  return context.artifacts.putJson(manifest, { type: 'model', mediaType: mediaTypes.model });
};

const recordOf = (context: TaskContext<FitParams>, model: ArtifactRef, { curve, metrics }: FittedModel) => {
  const { run, step } = context.task;
  const { estimator, ...params } = context.params;
  return {
    ...{ id: `${run}.${step}`, run, step, estimator, params, metrics, model },
    curve: curve.map((iteration) => ({ ...iteration })),
    inputs: digestsOf(context),
  };
};

const metricsOf = ({ metrics, curve, parity, rows }: FittedModel): Record<string, number> => ({
  ...metrics,
  iterations: curve.length,
  'parity.maxAbsoluteDifference': parity.maxAbsoluteDifference,
  'rows.train': rows.train,
  'rows.test': rows.test,
});
