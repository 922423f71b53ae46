import { Module } from '@nestjs/common';
import { EndpointsModule } from '../endpoints/endpoints.module.js';
import { GraphsModule } from '../graphs/graphs.module.js';
import { ReplicasModule } from '../replicas/replicas.module.js';
import { RolloutsModule } from '../rollouts/rollouts.module.js';
import { DeployController } from './deploy.controller.js';
import { DeployService } from './deploy.service.js';
import { RolloutEnd } from './rollout-end.js';

@Module({
  imports: [EndpointsModule, GraphsModule, ReplicasModule, RolloutsModule],
  controllers: [DeployController],
  providers: [DeployService, RolloutEnd],
  exports: [DeployService, RolloutEnd],
})
export class DeployModule {}
