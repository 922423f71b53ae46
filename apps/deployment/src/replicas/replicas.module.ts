import { Module } from '@nestjs/common';
import { EndpointsModule } from '../endpoints/endpoints.module.js';
import { RolloutsModule } from '../rollouts/rollouts.module.js';
import { ReplicaNews } from './replica-news.js';
import { ReplicasController } from './replicas.controller.js';
import { ReplicasService } from './replicas.service.js';

@Module({
  imports: [EndpointsModule, RolloutsModule],
  controllers: [ReplicasController],
  providers: [ReplicasService, ReplicaNews],
  exports: [ReplicaNews],
})
export class ReplicasModule {}
