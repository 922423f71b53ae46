import { readDataset } from '@millrace/artifacts';
import {
  Component,
  type ComponentResult,
  type PipelineComponent,
  type TaskContext,
} from '@millrace/component';
import { DomainError } from '@millrace/contracts';
import { DataEngine } from '@millrace/data';
import { evaluate } from '../expectations/evaluate.js';
import { ProfilesService } from '../profiles/profiles.service.js';
import { checkParams, type CheckParams } from './check.params.js';
import { ExpectationsFailed } from './expectations-failed.error.js';
import { validationReport } from './report.js';

@Component({
  name: 'validation.check',
  version: '1.0.0',
  description:
    'Profiles a dataset and holds it against expectations; a violation that blocks fails the step.',
  inputs: { dataset: { type: 'dataset' } },
  outputs: {
    report: { type: 'report' },
    dataset: { type: 'dataset', description: 'The same, passed through.' },
  },
  params: checkParams,
  deterministic: true,
  timeoutMs: 600_000,
})
export class CheckComponent implements PipelineComponent<CheckParams> {
  constructor(
    private readonly data: DataEngine,
    private readonly profiles: ProfilesService,
  ) {}

  async run(context: TaskContext<CheckParams>): Promise<ComponentResult> {
    const { artifacts, params, signal } = context;
    const dataset = context.input('dataset');
    const { manifest, paths } = await readDataset(artifacts, dataset);
    if (manifest.rows === 0) throw new DomainError('data_invalid', 'the dataset has no rows');
    context.progress(0.1, { message: 'profiling' });
    const profile = await this.profiles.of(dataset.digest, paths, signal);
    context.progress(0.6, { message: 'checking' });
    const { columns, rows } = manifest;
    const outcomes = await evaluate({ data: this.data, paths, columns, rows, signal }, params.expectations);
    const content = validationReport(dataset.digest, rows, outcomes, profile);
    const report = await artifacts.putJson(content, { type: 'report' });
    const failed = outcomes.filter(({ success }) => !success);
    for (const { message } of failed) context.log('warn', message);
    const blocking = failed.filter(({ expectation }) => expectation.severity === 'block');
    if (blocking.length > 0) throw new ExpectationsFailed(blocking, report);
    return { outputs: { report, dataset }, metrics: content.metrics };
  }
}
