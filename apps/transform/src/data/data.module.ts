import { DataEngine, openData, type DataOptions } from '@millrace/data';
import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';

/** One DuckDB access for the whole service. */
@Module({})
export class DataModule implements OnApplicationShutdown {
  constructor(private readonly data: DataEngine) {}

  static forRoot(options: DataOptions): DynamicModule {
    const engine = { provide: DataEngine, useFactory: () => openData(options) };
    return { module: DataModule, global: true, providers: [engine], exports: [engine] };
  }

  onApplicationShutdown(): Promise<void> {
    return this.data[Symbol.asyncDispose]();
  }
}
