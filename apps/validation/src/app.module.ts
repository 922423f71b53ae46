import { ComponentModule } from '@millrace/component';
import { DataEngine, openData } from '@millrace/data';
import { PersistenceModule } from '@millrace/persistence';
import { ArtifactsModule, OwnedModule } from '@millrace/service';
import { Module, type DynamicModule } from '@nestjs/common';
import { CheckComponent } from './check/check.component.js';
import type { ValidationEnv } from './config/validation.env.js';
import { Validation1764000000000 } from './migrations/validation-1764000000000.js';
import { Profile } from './profiles/profile.entity.js';
import { ProfilesModule } from './profiles/profiles.module.js';

@Module({})
export class AppModule {
  static forRoot(env: ValidationEnv): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ArtifactsModule.forRoot(env.ARTIFACTS_URL),
        PersistenceModule.forRoot({
          service: 'validation',
          databaseUrl: env.DATABASE_URL,
          dataDir: env.DATA_DIR,
          entities: [Profile],
          migrations: [Validation1764000000000],
          outbox: false,
        }),
        OwnedModule.of(DataEngine, () => openData({ memoryLimitMb: env.DUCKDB_MEMORY_MB })),
        ProfilesModule,
        ComponentModule.forFeature([CheckComponent], { imports: [ProfilesModule] }),
      ],
    };
  }
}
