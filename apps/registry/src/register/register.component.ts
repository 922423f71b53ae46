import {
  Component,
  type ComponentResult,
  type PipelineComponent,
  type TaskContext,
} from '@millrace/component';
import { registerParams, versionSchema, type RegisterParams } from './register.params.js';
import { RegisterService } from './register.service.js';

@Component({
  name: 'registry.register',
  version: '1.0.0',
  description: 'A model becomes the next version of its name, once its golden rows have been replayed.',
  inputs: { model: { type: 'model' }, report: { type: 'report', optional: true } },
  outputs: { version: { type: 'value', schema: versionSchema } },
  params: registerParams,
  // Each run that asks for it makes a version.
  deterministic: false,
  timeoutMs: 120_000,
})
export class RegisterComponent implements PipelineComponent<RegisterParams> {
  constructor(private readonly models: RegisterService) {}

  async run({ task, params, inputs, input }: TaskContext<RegisterParams>): Promise<ComponentResult> {
    const { name, version, model } = await this.models.register({
      name: params.name,
      model: input('model'),
      ...(inputs['report'] === undefined ? {} : { report: input('report') }),
      aliases: params.aliases,
      idempotencyKey: task.idempotencyKey,
    });
    return { outputs: { version: { name, version, artifact: { ...model } } }, metrics: { version } };
  }
}
