import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openArtifactStore, writeDataset } from '@millrace/artifacts';
import { runComponent } from '@millrace/component';
import type { ArtifactRef, JsonValue } from '@millrace/contracts';
import { DataEngine, openData } from '@millrace/data';
import { PersistenceModule } from '@millrace/persistence';
import { temporaryDirectory, type TestDatabase } from '@millrace/testing';
import { NestFactory } from '@nestjs/core';
import { CheckComponent } from '../check/check.component.js';
import { Validation1764000000000 } from '../migrations/validation-1764000000000.js';
import { Profile } from '../profiles/profile.entity.js';
import { ProfilesModule } from '../profiles/profiles.module.js';
import { ProfilesService } from '../profiles/profiles.service.js';

/** The service without NATS. */
export const openBench = async (database: TestDatabase) => {
  const directory = await temporaryDirectory();
  const artifacts = openArtifactStore(join(directory.path, 'artifacts'));
  const data = await openData({ tempDirectory: directory.path });
  const engine = [{ provide: DataEngine, useValue: data }];
  class Bench {}
  const app = await NestFactory.createApplicationContext(
    {
      module: Bench,
      imports: [
        { module: class Platform {}, global: true, providers: engine, exports: engine },
        PersistenceModule.forRoot({
          service: 'validation',
          databaseUrl: await database.fresh(),
          dataDir: directory.path,
          entities: [Profile],
          migrations: [Validation1764000000000],
          outbox: false,
        }),
        ProfilesModule,
      ],
      providers: [CheckComponent],
    },
    { logger: ['error'], abortOnError: false },
  );
  return {
    artifacts,
    profiles: app.get(ProfilesService),
    async dataset(csv: string): Promise<ArtifactRef> {
      const path = join(directory.path, 'in.csv');
      await writeFile(path, csv);
      await using out = await artifacts.temporary('.parquet');
      const { columns, rows } = await data.importFile(path, { format: 'csv' }, out.path);
      return await writeDataset(artifacts, [{ path: out.path, rows }], { columns, lineage: {} });
    },
    check: (dataset: ArtifactRef, expectations: JsonValue[]) =>
      runComponent(app.get(CheckComponent), { artifacts, inputs: { dataset }, params: { expectations } }),
    async [Symbol.asyncDispose]() {
      await data[Symbol.asyncDispose]();
      await app.close();
      await directory[Symbol.asyncDispose]();
    },
  };
};
