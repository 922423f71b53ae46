import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ARTIFACT_STORE, openArtifactStore } from '@millrace/artifacts';
import { runComponent } from '@millrace/component';
import { subjectsOf, type CloudEvent, type JsonValue } from '@millrace/contracts';
import { DataEngine, openData } from '@millrace/data';
import { MessagingClient } from '@millrace/messaging';
import { OUTBOX_PUBLISHER, PersistenceModule } from '@millrace/persistence';
import { temporaryDirectory, type TestDatabase } from '@millrace/testing';
import { NestFactory } from '@nestjs/core';
import { IngestionEnv } from '../config/ingestion.env.js';
import { DatasetImport } from '../datasets/dataset-import.entity.js';
import { DatasetVersion } from '../datasets/dataset-version.entity.js';
import { Dataset } from '../datasets/dataset.entity.js';
import { DatasetsModule } from '../datasets/datasets.module.js';
import { DatasetsService } from '../datasets/datasets.service.js';
import { ImportComponent } from '../import/import.component.js';
import { Ingestion1764000000000 } from '../migrations/ingestion-1764000000000.js';
import { SourcesModule } from '../sources/sources.module.js';

/** The service without NATS: events are collected instead of published. */
export const openBench = async (database: TestDatabase) => {
  const directory = await temporaryDirectory();
  const events: CloudEvent<{ name: string; version: number }>[] = [];
  const artifacts = openArtifactStore(join(directory.path, 'artifacts'));
  const env = Object.assign(new IngestionEnv(), {
    SOURCE_ROOTS: directory.path,
    PACKAGE_ROOT: import.meta.dirname,
  });
  const publish = (message: { payload: Uint8Array }) => {
    events.push(JSON.parse(Buffer.from(message.payload).toString()) as (typeof events)[number]);
    return Promise.resolve();
  };
  const providers = [
    { provide: ARTIFACT_STORE, useValue: artifacts },
    { provide: IngestionEnv, useValue: env },
    { provide: MessagingClient, useValue: { subjects: subjectsOf() } },
    { provide: OUTBOX_PUBLISHER, useValue: publish },
    { provide: DataEngine, useFactory: () => openData({ tempDirectory: directory.path }) },
  ];
  class Bench {}
  const app = await NestFactory.createApplicationContext(
    {
      module: Bench,
      imports: [
        { module: class Platform {}, global: true, providers, exports: providers },
        PersistenceModule.forRoot({
          service: 'ingestion',
          databaseUrl: await database.fresh(),
          dataDir: directory.path,
          entities: [Dataset, DatasetVersion, DatasetImport],
          migrations: [Ingestion1764000000000],
        }),
        DatasetsModule,
        SourcesModule,
      ],
      providers: [ImportComponent],
    },
    { logger: ['error'], abortOnError: false },
  );
  return {
    artifacts,
    events,
    datasets: app.get(DatasetsService),
    file: (name: string, content: string) => writeFile(join(directory.path, name), content),
    import: (params: { [name: string]: JsonValue }, idempotencyKey: string = crypto.randomUUID()) =>
      runComponent(app.get(ImportComponent), { artifacts, params, task: { idempotencyKey } }),
    async [Symbol.asyncDispose]() {
      await app.get(DataEngine)[Symbol.asyncDispose]();
      await app.close();
      await directory[Symbol.asyncDispose]();
    },
  };
};
