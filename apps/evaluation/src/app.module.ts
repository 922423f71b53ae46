import { join } from 'node:path';
import { ComponentModule } from '@millrace/component';
import { ArtifactsModule } from '@millrace/service';
import { Module, type DynamicModule } from '@nestjs/common';
import type { EvaluationEnv } from './config/evaluation.env.js';
import { EvaluateComponent } from './evaluate/evaluate.component.js';
import { EvaluateModule } from './evaluate/evaluate.module.js';
import { defaultSliceRows } from './score/score-settings.js';
import { ScoreComponent } from './score/score.component.js';
import { ScoreModule } from './score/score.module.js';

@Module({})
export class AppModule {
  static forRoot(env: EvaluationEnv): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ArtifactsModule.forRoot(env.ARTIFACTS_URL),
        ComponentModule.forFeature([EvaluateComponent, ScoreComponent], {
          concurrency: env.EVALUATION_CONCURRENCY,
          imports: [
            EvaluateModule.forRoot({
              memoryLimitMb: env.DUCKDB_MEMORY_MB,
              maxRows: env.EVALUATION_MAX_ROWS,
            }),
            ScoreModule.forRoot({
              sliceRows: defaultSliceRows,
              directory: join(env.DATA_DIR, 'evaluation', 'scores'),
            }),
          ],
        }),
      ],
    };
  }
}
