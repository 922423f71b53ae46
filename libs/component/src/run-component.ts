import type { ArtifactStore } from '@millrace/artifacts';
import type { JsonValue, PortValue, Task } from '@millrace/contracts';
import { createLogger } from '@millrace/observability';
import type { Type } from '@nestjs/common';
import {
  descriptorOf,
  type ComponentResult,
  type LogLevel,
  type PipelineComponent,
} from './descriptor/component.js';
import { ProgressReporter, type Report } from './progress/progress-reporter.js';
import { secretsFrom, type SecretSource } from './secrets/secret-source.js';
import { execute } from './worker/execute.js';

export interface RunComponentOptions {
  artifacts: ArtifactStore;
  params?: { [name: string]: JsonValue };
  inputs?: { [port: string]: PortValue };
  signal?: AbortSignal;
  /** Default: none. */
  secrets?: SecretSource;
  /** What the task says otherwise than the default. */
  task?: Partial<Task>;
  /** Told of each progress message that would have been sent. */
  onProgress?: (report: Report) => void;
}

export interface ComponentRun extends ComponentResult {
  progress: Report[];
  log: { level: LogLevel; message: string }[];
}

/**
 * For tests: one attempt with the same checks as in a pipeline, without NATS.
 * @throws the DomainError that the task would have failed with
 */
export const runComponent = async <P>(
  instance: PipelineComponent<P>,
  o: RunComponentOptions,
): Promise<ComponentRun> => {
  const descriptor = descriptorOf(instance.constructor as Type<PipelineComponent<never>>);
  const progress: Report[] = [];
  const log: ComponentRun['log'] = [];
  const reporter = new ProgressReporter((report) => {
    o.onProgress?.(report);
    if (report.log) log.push(report.log);
    else progress.push(report);
  });
  const task: Task = {
    run: 'test',
    step: 'test',
    component: descriptor.name,
    attempt: 1,
    token: 1,
    idempotencyKey: 'test/test',
    params: o.params ?? {},
    inputs: o.inputs ?? {},
    deadline: Date.now() + descriptor.timeoutMs,
    ...o.task,
  };
  try {
    const result = await execute({
      component: instance as PipelineComponent<never>,
      descriptor,
      task,
      artifacts: o.artifacts,
      logger: createLogger({ service: 'test', level: 'silent' }),
      reporter,
      signal: o.signal ?? new AbortController().signal,
      graceMs: 1_000,
      secrets: o.secrets ?? secretsFrom({}),
    });
    reporter.close();
    return { ...result, progress, log };
  } finally {
    reporter.close();
  }
};
