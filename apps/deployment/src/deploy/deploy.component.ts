import {
  Component,
  type ComponentResult,
  type PipelineComponent,
  type TaskContext,
} from '@millrace/component';
import {
  deployParams,
  endpointSchema,
  registeredVersionSchema,
  type DeployParams,
  type RegisteredVersion,
} from './deploy.params.js';
import { DeployService } from './deploy.service.js';
import { RolloutEnd } from './rollout-end.js';

@Component({
  name: 'deployment.deploy',
  version: '1.1.0',
  description:
    'A model version is served under an endpoint; done when it answers, or waits for being promoted.',
  inputs: { version: { type: 'value', schema: registeredVersionSchema } },
  outputs: { endpoint: { type: 'value', schema: endpointSchema } },
  params: deployParams,
  deterministic: false,
  timeoutMs: 120_000,
})
export class DeployComponent implements PipelineComponent<DeployParams> {
  constructor(
    private readonly deployments: DeployService,
    private readonly end: RolloutEnd,
  ) {}

  async run({ task, params, inputs, signal, progress }: TaskContext<DeployParams>): Promise<ComponentResult> {
    const { endpoint } = params;
    const { name: model, version } = inputs['version'] as unknown as RegisteredVersion;
    const rollout = await this.deployments.apply({
      ...params,
      ...{ model, version },
      idempotencyKey: task.idempotencyKey,
    });
    progress(undefined, { message: `waiting until a replica serves ${model} version ${version}` });
    const { revision } = await this.end.reached(endpoint, rollout, signal, (reason) => {
      if (reason !== undefined) progress(undefined, { message: reason });
    });
    return { outputs: { endpoint: { endpoint, revision } }, metrics: { revision } };
  }
}
