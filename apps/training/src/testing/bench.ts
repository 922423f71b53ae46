import 'reflect-metadata';
import { join } from 'node:path';
import { openArtifactStore } from '@millrace/artifacts';
import { runComponent, type RunComponentOptions } from '@millrace/component';
import type { ArtifactRef, ModelManifest } from '@millrace/contracts';
import { openData } from '@millrace/data';
import { PersistenceModule } from '@millrace/persistence';
import { temporaryDirectory } from '@millrace/testing';
import { NestFactory } from '@nestjs/core';
import { Experiment } from '../experiments/experiment.entity.js';
import { ExperimentsModule } from '../experiments/experiments.module.js';
import { ExperimentsService } from '../experiments/experiments.service.js';
import { FitRunner } from '../fit/fit-runner.js';
import { FIT_SETTINGS } from '../fit/fit-settings.js';
import { FitComponent } from '../fit/fit.component.js';
import { trainModel } from '../fit/train-model.js';
import { Training1764000000000 } from '../migrations/training-1764000000000.js';
import { testData } from './test-data.js';

/** The service without NATS, fitting in this thread. */
export const openBench = async (databaseUrl?: string) => {
  const directory = await temporaryDirectory();
  const artifacts = openArtifactStore(join(directory.path, 'artifacts'));
  const data = await openData({ tempDirectory: directory.path });
  const runner: FitRunner = {
    fit: (job, { report, signal }) => trainModel(job, { report, signal, cancelled: signal }),
  };
  class Bench {}
  const app = await NestFactory.createApplicationContext(
    {
      module: Bench,
      imports: [
        PersistenceModule.forRoot({
          service: 'training',
          databaseUrl,
          dataDir: directory.path,
          entities: [Experiment],
          migrations: [Training1764000000000],
          outbox: false,
        }),
        ExperimentsModule,
      ],
      providers: [
        FitComponent,
        { provide: FitRunner, useValue: runner },
        { provide: FIT_SETTINGS, useValue: { memoryLimitMb: 256, maxRows: 1000 } },
      ],
    },
    { logger: ['error'], abortOnError: false },
  );
  return {
    artifacts,
    experiments: app.get(ExperimentsService),
    ...testData(artifacts, data, directory.path),
    fit: (inputs: Record<string, ArtifactRef>, o: Partial<RunComponentOptions> = {}) =>
      runComponent(app.get(FitComponent), {
        artifacts,
        inputs,
        ...o,
        params: { estimator: 'logistic', ...o.params },
      }),
    manifestOf: (outputs: Record<string, unknown>) =>
      artifacts.getJson<ModelManifest>(outputs['model'] as ArtifactRef),
    async [Symbol.asyncDispose]() {
      await app.close();
      await data[Symbol.asyncDispose]();
      await directory[Symbol.asyncDispose]();
    },
  };
};
