import { ComponentModule } from '@millrace/component';
import { DataEngine, openData } from '@millrace/data';
import { PersistenceModule } from '@millrace/persistence';
import { ArtifactsModule, OwnedModule } from '@millrace/service';
import { Module, type DynamicModule } from '@nestjs/common';
import type { IngestionEnv } from './config/ingestion.env.js';
import { DatasetImport } from './datasets/dataset-import.entity.js';
import { DatasetVersion } from './datasets/dataset-version.entity.js';
import { Dataset } from './datasets/dataset.entity.js';
import { DatasetsModule } from './datasets/datasets.module.js';
import { ImportComponent } from './import/import.component.js';
import { Ingestion1764000000000 } from './migrations/ingestion-1764000000000.js';
import { SourcesModule } from './sources/sources.module.js';

@Module({})
export class AppModule {
  static forRoot(env: IngestionEnv): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ArtifactsModule.forRoot(env.ARTIFACTS_URL),
        PersistenceModule.forRoot({
          service: 'ingestion',
          databaseUrl: env.DATABASE_URL,
          dataDir: env.DATA_DIR,
          entities: [Dataset, DatasetVersion, DatasetImport],
          migrations: [Ingestion1764000000000],
        }),
        OwnedModule.of(DataEngine, () => openData({ memoryLimitMb: env.DUCKDB_MEMORY_MB })),
        DatasetsModule,
        ComponentModule.forFeature([ImportComponent], { imports: [DatasetsModule, SourcesModule] }),
      ],
    };
  }
}
