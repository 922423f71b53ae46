import { ComponentModule } from '@millrace/component';
import { PersistenceModule } from '@millrace/persistence';
import { ArtifactsModule } from '@millrace/service';
import { Module, type DynamicModule } from '@nestjs/common';
import type { TrainingEnv } from './config/training.env.js';
import { Experiment } from './experiments/experiment.entity.js';
import { ExperimentsModule } from './experiments/experiments.module.js';
import { FitComponent } from './fit/fit.component.js';
import { FitModule } from './fit/fit.module.js';
import { Training1764000000000 } from './migrations/training-1764000000000.js';

@Module({})
export class AppModule {
  static forRoot(env: TrainingEnv): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ArtifactsModule.forRoot(env.ARTIFACTS_URL),
        PersistenceModule.forRoot({
          service: 'training',
          databaseUrl: env.DATABASE_URL,
          dataDir: env.DATA_DIR,
          entities: [Experiment],
          migrations: [Training1764000000000],
        }),
        ExperimentsModule,
        ComponentModule.forFeature([FitComponent], {
          concurrency: env.TRAINING_CONCURRENCY,
          imports: [
            ExperimentsModule,
            FitModule.forRoot({ memoryLimitMb: env.DUCKDB_MEMORY_MB, maxRows: env.TRAINING_MAX_ROWS }),
          ],
        }),
      ],
    };
  }
}
