import { defineService } from '@millrace/service';
import { AppModule } from './app.module.js';
import { IngestionEnv } from './config/ingestion.env.js';
import { version } from './version.js';

export const ingestionService = defineService({
  name: 'ingestion',
  version,
  description: 'Raw data in: files become immutable dataset versions',
  env: IngestionEnv,
  module: (env) => AppModule.forRoot(env),
});
