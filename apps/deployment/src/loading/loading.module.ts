import { Module } from '@nestjs/common';
import { EndpointsModule } from '../endpoints/endpoints.module.js';
import { RolloutsModule } from '../rollouts/rollouts.module.js';
import { LoadingController } from './loading.controller.js';
import { LoadingService } from './loading.service.js';

@Module({
  imports: [EndpointsModule, RolloutsModule],
  controllers: [LoadingController],
  providers: [LoadingService],
})
export class LoadingModule {}
