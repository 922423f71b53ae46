import { ComponentModule } from '@millrace/component';
import { PersistenceModule } from '@millrace/persistence';
import { ArtifactsModule } from '@millrace/service';
import { Module, type DynamicModule } from '@nestjs/common';
import type { RegistryEnv } from './config/registry.env.js';
import { AliasesModule } from './aliases/aliases.module.js';
import { Registry1764000000000 } from './migrations/registry-1764000000000.js';
import { ModelAlias } from './models/model-alias.entity.js';
import { ModelVersion } from './models/model-version.entity.js';
import { ModelsModule } from './models/models.module.js';
import { RegisterComponent } from './register/register.component.js';
import { RegisterModule } from './register/register.module.js';

@Module({})
export class AppModule {
  static forRoot(env: RegistryEnv): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ArtifactsModule.forRoot(env.ARTIFACTS_URL),
        PersistenceModule.forRoot({
          service: 'registry',
          databaseUrl: env.DATABASE_URL,
          dataDir: env.DATA_DIR,
          entities: [ModelVersion, ModelAlias],
          migrations: [Registry1764000000000],
        }),
        ModelsModule,
        AliasesModule,
        RegisterModule,
        ComponentModule.forFeature([RegisterComponent], { imports: [RegisterModule] }),
      ],
    };
  }
}
