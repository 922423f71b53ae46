import { defineService } from '@millrace/service';
import { AppModule } from './app.module.js';
import { RegistryEnv } from './config/registry.env.js';

export const registryService = defineService({
  name: 'registry',
  version: '0.1.0',
  description: 'Models, their versions and aliases, and where each came from',
  env: RegistryEnv,
  module: (env) => AppModule.forRoot(env),
});
