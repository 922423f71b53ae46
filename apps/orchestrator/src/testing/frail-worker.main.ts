/** A worker as a process of its own, with a component that kills it and one that takes its time. */
import { setTimeout as wait } from 'node:timers/promises';
import {
  Component,
  ComponentModule,
  type ComponentResult,
  type PipelineComponent,
  type TaskContext,
} from '@millrace/component';
import type { ComponentDescriptor } from '@millrace/contracts';
import { ArtifactsEnv, ArtifactsModule, defineService, runService } from '@millrace/service';

const describe = (name: string): ComponentDescriptor => ({
  name,
  version: '1.0.0',
  description: name,
  inputs: {},
  outputs: { value: { type: 'value' } },
  params: { type: 'object', properties: { ms: { type: 'integer', default: 0 } } },
  deterministic: false,
  timeoutMs: 60_000,
});

@Component(describe('frail.deadly'))
class Deadly implements PipelineComponent {
  run(): Promise<ComponentResult> {
    process.kill(process.pid, 'SIGKILL');
    return new Promise(() => undefined);
  }
}

@Component(describe('frail.slow'))
class Slow implements PipelineComponent<{ ms: number }> {
  async run({ params, signal }: TaskContext<{ ms: number }>): Promise<ComponentResult> {
    await wait(params.ms, undefined, { signal });
    return { outputs: { value: process.pid } };
  }
}

await runService(
  defineService({
    name: 'frail',
    version: '1.0.0',
    description: 'Components for tests.',
    env: ArtifactsEnv,
    module: (env) => ({
      module: class FrailModule {},
      imports: [
        ArtifactsModule.forRoot(env.ARTIFACTS_URL),
        ComponentModule.forFeature([Deadly, Slow], { concurrency: 2 }),
      ],
    }),
  }),
);
