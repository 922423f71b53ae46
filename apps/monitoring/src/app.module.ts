import { PersistenceModule } from '@millrace/persistence';
import { Module, type DynamicModule } from '@nestjs/common';
import type { MonitoringEnv } from './config/monitoring.env.js';
import { Monitoring1764000000000 } from './migrations/monitoring-1764000000000.js';
import { Window } from './windows/window.entity.js';
import { WindowsModule } from './windows/windows.module.js';

@Module({})
export class AppModule {
  static forRoot(env: MonitoringEnv): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PersistenceModule.forRoot({
          service: 'monitoring',
          databaseUrl: env.DATABASE_URL,
          dataDir: env.DATA_DIR,
          entities: [Window],
          migrations: [Monitoring1764000000000],
          // It publishes nothing yet.
          outbox: false,
        }),
        WindowsModule,
      ],
    };
  }
}
