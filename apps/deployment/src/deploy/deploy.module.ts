import { Module } from '@nestjs/common';
import { EndpointsModule } from '../endpoints/endpoints.module.js';
import { ReplicasModule } from '../replicas/replicas.module.js';
import { DeployController } from './deploy.controller.js';
import { DeployService } from './deploy.service.js';
import { Rollout } from './rollout.js';

@Module({
  imports: [EndpointsModule, ReplicasModule],
  controllers: [DeployController],
  providers: [DeployService, Rollout],
  exports: [DeployService, Rollout],
})
export class DeployModule {}
