import { defineService } from '@millrace/service';
import { AppModule } from './app.module.js';
import { TrainingEnv } from './config/training.env.js';
import { version } from './version.js';

export const trainingService = defineService({
  name: 'training',
  version,
  description: 'Fits models and keeps the record of every fit',
  env: TrainingEnv,
  module: (env) => AppModule.forRoot(env),
});
