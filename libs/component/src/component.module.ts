import { ARTIFACT_STORE, type ArtifactStore } from '@millrace/artifacts';
import { CompletionQueue, MessagingClient, WorkQueue } from '@millrace/messaging';
import { createLogger, LOGGER, type Logger } from '@millrace/observability';
import { Module, type DynamicModule, type ModuleMetadata, type Type } from '@nestjs/common';
import { secretsOfProcess } from './config/secrets.env.js';
import { descriptorOf, type PipelineComponent } from './descriptor/component.js';
import type { SecretSource } from './secrets/secret-source.js';
import { ComponentWorkers } from './worker/component-workers.js';
import { nothingAtPoints, TASK_POINTS, type TaskPoints } from './worker/task-points.js';

export interface ComponentModuleOptions {
  /** Tasks at once, per component and replica; default 1. */
  concurrency?: number;
  /** How long a stopping service lets its tasks finish before it gives them back, in milliseconds; default 5,000. */
  stopGraceMs?: number;
  /** Modules whose providers the components inject. */
  imports?: ModuleMetadata['imports'];
  /** Default: the service's. */
  logger?: Logger;
  /** What `{"$secret": name}` in params stands for; default: `SECRETS_DIR` and `SECRET_<NAME>` of the process. */
  secrets?: SecretSource;
}

type ComponentClass = Type<PipelineComponent<never>>;

/**
 * Runs pipeline components in a service: announces their descriptors, takes their tasks, and sends the completions.
 * Needs `MessagingModule` and an `ARTIFACT_STORE`, both global; uses the service's `LOGGER`.
 */
@Module({})
export class ComponentModule {
  static forFeature(classes: ComponentClass[], options: ComponentModuleOptions = {}): DynamicModule {
    const { concurrency = 1, stopGraceMs = 5_000, imports = [], secrets = secretsOfProcess() } = options;
    const descriptors = classes.map(descriptorOf);
    return {
      module: ComponentModule,
      imports,
      providers: [
        ...classes,
        {
          provide: ComponentWorkers,
          useFactory: (
            client: MessagingClient,
            work: WorkQueue,
            done: CompletionQueue,
            artifacts: ArtifactStore,
            serviceLogger: Logger = createLogger({ service: 'component' }),
            points: TaskPoints = nothingAtPoints,
            ...instances: PipelineComponent<never>[]
          ) =>
            new ComponentWorkers({
              components: instances.map((component, i) => ({ component, descriptor: descriptors[i]! })),
              ...{
                client,
                work,
                done,
                artifacts,
                logger: options.logger ?? serviceLogger,
                points,
                secrets,
                concurrency,
                stopGraceMs,
              },
            }),
          inject: [
            MessagingClient,
            WorkQueue,
            CompletionQueue,
            ARTIFACT_STORE,
            { token: LOGGER, optional: true },
            { token: TASK_POINTS, optional: true },
            ...classes,
          ],
        },
      ],
      exports: [...classes],
    };
  }
}
