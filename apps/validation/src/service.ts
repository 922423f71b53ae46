import { defineService } from '@millrace/service';
import { AppModule } from './app.module.js';
import { ValidationEnv } from './config/validation.env.js';
import { version } from './version.js';

export const validationService = defineService({
  name: 'validation',
  version,
  description: 'Is this data what we expect: profiles, inferred expectations, checks',
  env: ValidationEnv,
  module: (env) => AppModule.forRoot(env),
});
