import { defineService } from '@millrace/service';
import { AppModule } from './app.module.js';
import { DeploymentEnv } from './config/deployment.env.js';

export const deploymentService = defineService({
  name: 'deployment',
  version: '0.1.0',
  description: 'Which model version serves which traffic',
  env: DeploymentEnv,
  module: (env) => AppModule.forRoot(env),
});
