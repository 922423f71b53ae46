import { defineService } from '@millrace/service';
import { AppModule } from './app.module.js';
import { MonitoringEnv } from './config/monitoring.env.js';

export const monitoringService = defineService({
  name: 'monitoring',
  version: '0.1.0',
  description: 'What deployed models predicted: counts, latencies and sketches over time',
  env: MonitoringEnv,
  module: (env) => AppModule.forRoot(env),
});
