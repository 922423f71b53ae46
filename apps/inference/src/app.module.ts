import { join } from 'node:path';
import { openArtifactStore } from '@millrace/artifacts';
import { LOGGER, type Logger } from '@millrace/observability';
import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { executionSettings, shelfLimits } from './config/execution-settings.js';
import type { InferenceEnv } from './config/inference.env.js';
import { DesiredSync } from './desired/desired-sync.js';
import { ReplicaMemory } from './desired/replica-memory.js';
import { ServedModelsController } from './metadata/served-models.controller.js';
import { ServedModelsService } from './metadata/served-models.service.js';
import { CachedArtifacts } from './models/cached-artifacts.js';
import { ModelLoader } from './models/model-loader.js';
import { ModelPool } from './models/model-pool.js';
import { Shelf } from './models/shelf.js';
import { CompressedBodies } from './protocol/compressed-bodies.js';
import { Reconciliation } from './reconcile/reconciliation.js';
import { REPLICA_NAME, replicaId } from './replica.js';
import { GraphLoader } from './graphs/graph-loader.js';
import { ServedEndpoints } from './serving/served-endpoints.js';
import { EndpointLoader } from './serving/endpoint-loader.js';
import { Endpoints } from './serving/endpoints.js';
import { ReplicaReports } from './serving/replica-reports.js';
import { StatisticsRegistry } from './statistics/statistics-registry.js';
import { StatisticsController } from './statistics/statistics.controller.js';
import { StatisticsService } from './statistics/statistics.service.js';
import { TritonMetrics } from './statistics/triton-metrics.js';
import { AssignmentPublisher } from './windows/assignment-publisher.js';
import { EventPublisher } from './windows/event-publisher.js';
import { WindowPublisher } from './windows/window-publisher.js';

@Module({})
export class AppModule {
  static forRoot(env: InferenceEnv): DynamicModule {
    return {
      module: AppModule,
      controllers: [ServedModelsController, StatisticsController],
      providers: [
        ...platformOf(env),
        ServedModelsService,
        StatisticsRegistry,
        StatisticsService,
        TritonMetrics,
        ServedEndpoints,
        GraphLoader,
        EndpointLoader,
        Endpoints,
        ReplicaReports,
        Reconciliation,
        DesiredSync,
        EventPublisher,
        WindowPublisher,
        AssignmentPublisher,
      ],
    };
  }
}

/** What is made from settings. */
const platformOf = (env: InferenceEnv): Provider[] => {
  const directory = join(env.DATA_DIR, 'inference');
  return [
    { provide: CompressedBodies, useValue: new CompressedBodies(env.MAX_BODY_BYTES) },
    { provide: REPLICA_NAME, useValue: replicaId(env) },
    { provide: ReplicaMemory, useValue: new ReplicaMemory(join(directory, 'memory.json')) },
    {
      provide: CachedArtifacts,
      useFactory: (logger: Logger) =>
        new CachedArtifacts(
          openArtifactStore(env.ARTIFACTS_URL),
          openArtifactStore(join(directory, 'artifacts')),
          logger,
        ),
      inject: [LOGGER],
    },
    {
      provide: ModelPool,
      useFactory: (artifacts: CachedArtifacts, logger: Logger) => {
        const loader = new ModelLoader(
          artifacts,
          executionSettings(env),
          new Shelf(shelfLimits(env), (err) => logger.error({ err }, 'a model could not be put to sleep')),
          logger,
        );
        return new ModelPool(loader);
      },
      inject: [CachedArtifacts, LOGGER],
    },
  ];
};
