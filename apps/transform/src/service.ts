import { defineService } from '@millrace/service';
import { AppModule } from './app.module.js';
import { TransformEnv } from './config/transform.env.js';
import { version } from './version.js';

export const transformService = defineService({
  name: 'transform',
  version,
  description: 'Cleans and splits datasets, fits preprocessing, and exports it as ONNX',
  env: TransformEnv,
  module: (env) => AppModule.forRoot(env),
});
