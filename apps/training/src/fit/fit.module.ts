import { Module, type DynamicModule } from '@nestjs/common';
import { FitRunner } from './fit-runner.js';
import { FIT_SETTINGS, type FitSettings } from './fit-settings.js';
import { WorkerFitRunner } from './worker-fit-runner.js';

@Module({})
export class FitModule {
  static forRoot(settings: FitSettings): DynamicModule {
    return {
      module: FitModule,
      providers: [
        { provide: FitRunner, useClass: WorkerFitRunner },
        { provide: FIT_SETTINGS, useValue: settings },
      ],
      exports: [FitRunner, FIT_SETTINGS],
    };
  }
}
