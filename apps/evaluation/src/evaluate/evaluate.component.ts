import { readDataset, readModel } from '@millrace/artifacts';
import {
  Component,
  type ComponentResult,
  type PipelineComponent,
  type TaskContext,
} from '@millrace/component';
import {
  DomainError,
  mediaTypes,
  type JsonValue,
  type ModelManifest,
  type ReportManifest,
} from '@millrace/contracts';
import { DataEngine } from '@millrace/data';
import { selectColumn } from '@millrace/ml';
import { loadVerified } from '@millrace/onnx';
import { Inject } from '@nestjs/common';
import { checkDataset } from './check-dataset.js';
import { checkGate, GateFailed, type GateCheck } from './check-gate.js';
import { EVALUATE_SETTINGS, type EvaluateSettings } from './evaluate-settings.js';
import { evaluateParams, type EvaluateParams } from './evaluate.params.js';
import { judge, judgedOutput, type JudgedModel, type Judgement } from './judge.js';
import { predictRows } from './predict-rows.js';
import { toDataError } from './to-data-error.js';

@Component({
  name: 'evaluation.evaluate',
  version: '1.0.0',
  description:
    'Asks a model about held-out rows, measures its answers, and blocks it where it misses the gate.',
  inputs: { model: { type: 'model' }, test: { type: 'dataset' } },
  outputs: { report: { type: 'report' }, model: { type: 'model' } },
  params: evaluateParams,
  deterministic: true,
  timeoutMs: 1_800_000,
})
export class EvaluateComponent implements PipelineComponent<EvaluateParams> {
  constructor(
    private readonly data: DataEngine,
    @Inject(EVALUATE_SETTINGS) private readonly settings: EvaluateSettings,
  ) {}

  async run(context: TaskContext<EvaluateParams>): Promise<ComponentResult> {
    const ref = context.input('model');
    const manifest = await readModel(context.artifacts, ref);
    const { rows, judgement } = await this.evaluate(context, manifest).catch((error: unknown) => {
      throw toDataError(error);
    });
    const gate = checkGate(context.params.gate ?? {}, judgement.metrics);
    const report = await context.artifacts.putJson(reportOf(context, manifest, { rows, judgement, gate }), {
      type: 'report',
      mediaType: mediaTypes.report,
    });
    const failed = gate.filter(({ passed }) => !passed);
    if (failed.length > 0) throw new GateFailed(failed, report);
    return { outputs: { report, model: ref }, metrics: { ...judgement.metrics, rows } };
  }

  private async evaluate(
    context: TaskContext<EvaluateParams>,
    manifest: ModelManifest,
  ): Promise<{ rows: number; judgement: Judgement }> {
    const { artifacts, signal } = context;
    const judged = judgedModel(manifest);
    const dataset = await readDataset(artifacts, context.input('test'));
    const columns = [...manifest.signature.inputs.map(({ name }) => name), judged.label.name];
    checkDataset(dataset.manifest, { columns, maxRows: this.settings.maxRows });
    context.progress(0, { message: 'reading the held-out data' });
    const table = await this.data.readTable(dataset.paths, columns, { signal });
    await using model = await loadVerified(await artifacts.get(manifest.onnx), manifest);
    const predictions = await predictRows(model, table, judgedOutput(judged), {
      signal,
      onRows: (rows) =>
        context.progress(0.2 + (0.6 * rows) / table.rows, { message: `${rows} of ${table.rows} rows` }),
    });
    const judgement = judge(judged, selectColumn(table, judged.label.name), predictions);
    return { rows: table.rows, judgement };
  }
}

const judgedModel = ({ label, ...manifest }: ModelManifest): JudgedModel => {
  if (label) return { ...manifest, label };
  throw new DomainError('unsupported', 'the model does not say which column it predicts');
};

const reportOf = (
  context: TaskContext<EvaluateParams>,
  { task, label, estimator }: ModelManifest,
  { rows, judgement, gate }: { rows: number; judgement: Judgement; gate: GateCheck[] },
): ReportManifest => ({
  kind: 'evaluation',
  summary: {
    ...{ task, label: label?.name ?? null, estimator: estimator.name, rows },
    passed: gate.every(({ passed }) => passed),
    gate: gate.map((check): JsonValue => ({ ...check })),
  },
  metrics: judgement.metrics,
  body: judgement.body,
  lineage: { model: context.input('model').digest, test: context.input('test').digest },
});
