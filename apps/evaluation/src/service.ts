import { defineService } from '@millrace/service';
import { AppModule } from './app.module.js';
import { EvaluationEnv } from './config/evaluation.env.js';
import { version } from './version.js';

export const evaluationService = defineService({
  name: 'evaluation',
  version,
  description: 'Judges models on held-out data: metrics, curves, and whether they pass',
  env: EvaluationEnv,
  module: (env) => AppModule.forRoot(env),
});
