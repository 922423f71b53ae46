import { defineService } from '@millrace/service';
import { AppModule } from './app.module.js';
import { OrchestratorEnv } from './config/orchestrator.env.js';

export const orchestratorService = defineService({
  name: 'orchestrator',
  version: '0.1.0',
  description: 'Durable pipeline runs: what runs next, on which inputs, how often, and what becomes of it.',
  env: OrchestratorEnv,
  module: (env) => AppModule.forRoot(env),
});
