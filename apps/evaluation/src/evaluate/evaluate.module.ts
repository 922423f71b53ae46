import { DataEngine, openData, type DataOptions } from '@millrace/data';
import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';

/** One DuckDB access for the whole service. */
@Module({})
export class EvaluateModule implements OnApplicationShutdown {
  constructor(private readonly data: DataEngine) {}

  static forRoot(options: DataOptions): DynamicModule {
    return {
      module: EvaluateModule,
      providers: [{ provide: DataEngine, useFactory: () => openData(options) }],
      exports: [DataEngine],
    };
  }

  onApplicationShutdown(): Promise<void> {
    return this.data[Symbol.asyncDispose]();
  }
}
