import { defineService } from '@millrace/service';
import { AppModule } from './app.module.js';
import { InferenceEnv } from './config/inference.env.js';
import { version } from './version.js';

export const inferenceService = defineService({
  name: 'inference',
  version,
  description: 'Runs deployed models: fast, predictably, and also when everything else is away',
  env: InferenceEnv,
  module: (env) => AppModule.forRoot(env),
  // Predictions need none; windows wait for it.
  jetstream: false,
});
