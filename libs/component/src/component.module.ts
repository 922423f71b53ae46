import { ARTIFACT_STORE, type ArtifactStore } from '@millrace/artifacts';
import { CompletionQueue, MessagingClient, WorkQueue } from '@millrace/messaging';
import { createLogger, type Logger } from '@millrace/observability';
import { Module, type DynamicModule, type ModuleMetadata, type Type } from '@nestjs/common';
import { descriptorOf, type PipelineComponent } from './descriptor/component.js';
import { ComponentWorkers } from './worker/component-workers.js';

export interface ComponentModuleOptions {
  /** Tasks at once, per component and replica; default 1. */
  concurrency?: number;
  /** How long a stopping service lets its tasks finish before it gives them back, in milliseconds; default 5,000. */
  stopGraceMs?: number;
  /** Modules whose providers the components inject. */
  imports?: ModuleMetadata['imports'];
  logger?: Logger;
}

type ComponentClass = Type<PipelineComponent<never>>;

/**
 * Runs pipeline components in a service: announces their descriptors, takes their tasks, and sends the completions.
 * Needs `MessagingModule` and an `ARTIFACT_STORE`, both global.
 */
@Module({})
export class ComponentModule {
  static forFeature(classes: ComponentClass[], options: ComponentModuleOptions = {}): DynamicModule {
    const { concurrency = 1, stopGraceMs = 5_000, imports = [] } = options;
    const descriptors = classes.map(descriptorOf);
    const logger =
      options.logger ?? createLogger({ service: descriptors[0]?.name.split('.', 1)[0] ?? 'component' });
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
            ...instances: PipelineComponent<never>[]
          ) =>
            new ComponentWorkers({
              components: instances.map((component, i) => ({ component, descriptor: descriptors[i]! })),
              ...{ client, work, done, artifacts, logger, concurrency, stopGraceMs },
            }),
          inject: [MessagingClient, WorkQueue, CompletionQueue, ARTIFACT_STORE, ...classes],
        },
      ],
      exports: [...classes],
    };
  }
}
