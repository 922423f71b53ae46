import { ComponentModule } from '@millrace/component';
import { DataEngine, openData } from '@millrace/data';
import { ArtifactsModule, OwnedModule } from '@millrace/service';
import { Module, type DynamicModule } from '@nestjs/common';
import type { TransformEnv } from './config/transform.env.js';
import { FitComponent } from './fit/fit.component.js';
import { QueryComponent } from './query/query.component.js';
import { SplitComponent } from './split/split.component.js';

@Module({})
export class AppModule {
  static forRoot(env: TransformEnv): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ArtifactsModule.forRoot(env.ARTIFACTS_URL),
        OwnedModule.of(DataEngine, () =>
          openData({
            memoryLimitMb: env.DUCKDB_MEMORY_MB,
            limits: { timeoutMs: env.SQL_TIMEOUT_MS },
          }),
        ),
        ComponentModule.forFeature([QueryComponent, SplitComponent, FitComponent]),
      ],
    };
  }
}
