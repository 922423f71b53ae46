import { DataEngine, openData, type DataOptions } from '@millrace/data';
import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { EVALUATE_SETTINGS, type EvaluateSettings } from './evaluate-settings.js';

/** One DuckDB access for the whole service. */
@Module({})
export class EvaluateModule implements OnApplicationShutdown {
  constructor(private readonly data: DataEngine) {}

  static forRoot(options: DataOptions & EvaluateSettings): DynamicModule {
    return {
      module: EvaluateModule,
      providers: [
        { provide: DataEngine, useFactory: () => openData(options) },
        { provide: EVALUATE_SETTINGS, useValue: { maxRows: options.maxRows } satisfies EvaluateSettings },
      ],
      exports: [DataEngine, EVALUATE_SETTINGS],
    };
  }

  onApplicationShutdown(): Promise<void> {
    return this.data[Symbol.asyncDispose]();
  }
}
