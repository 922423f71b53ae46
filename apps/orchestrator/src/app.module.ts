import { PersistenceModule } from '@millrace/persistence';
import { ArtifactsModule } from '@millrace/service';
import { Module, type DynamicModule } from '@nestjs/common';
import { CacheEntry } from './cache/cache-entry.entity.js';
import { CatalogueModule } from './catalogue/catalogue.module.js';
import { ComponentRow } from './catalogue/component.entity.js';
import type { OrchestratorEnv } from './config/orchestrator.env.js';
import { LogLine } from './log/log-line.entity.js';
import { Orchestrator1764000000000 } from './migrations/orchestrator-1764000000000.js';
import { runMigrations } from './migrations/runs.js';
import { OperationsModule } from './operations/operations.module.js';
import { operationEntities, operationMigrations } from './operations/tables.js';
import { Pipeline, PipelineVersion } from './pipelines/pipeline.entity.js';
import { PipelinesModule } from './pipelines/pipelines.module.js';
import { RunsModule } from './runs/runs.module.js';
import { RunRow } from './runs/store/run.entity.js';
import { RunMessageRow } from './runs/store/run-message.entity.js';
import { StepRow } from './runs/store/step.entity.js';
import { SchedulesModule } from './schedules/schedules.module.js';
import { scheduleEntities, scheduleMigrations } from './schedules/tables.js';
import { triggerEntities, triggerMigrations } from './triggers/tables.js';
import { TriggersModule } from './triggers/triggers.module.js';

@Module({})
export class AppModule {
  static forRoot({ DATABASE_URL, DATA_DIR, ARTIFACTS_URL }: OrchestratorEnv): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PersistenceModule.forRoot({
          service: 'orchestrator',
          databaseUrl: DATABASE_URL,
          dataDir: DATA_DIR,
          entities: [
            Pipeline,
            PipelineVersion,
            ComponentRow,
            RunRow,
            StepRow,
            RunMessageRow,
            LogLine,
            CacheEntry,
            ...operationEntities,
            ...scheduleEntities,
            ...triggerEntities,
          ],
          migrations: [
            Orchestrator1764000000000,
            ...runMigrations,
            ...operationMigrations,
            ...scheduleMigrations,
            ...triggerMigrations,
          ],
        }),
        ArtifactsModule.forRoot(ARTIFACTS_URL),
        CatalogueModule,
        PipelinesModule,
        RunsModule,
        OperationsModule,
        SchedulesModule,
        TriggersModule,
      ],
    };
  }
}
