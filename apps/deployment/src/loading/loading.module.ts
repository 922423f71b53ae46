import { Module } from '@nestjs/common';
import { EndpointsModule } from '../endpoints/endpoints.module.js';
import { LoadingController } from './loading.controller.js';
import { LoadingService } from './loading.service.js';

@Module({
  imports: [EndpointsModule],
  controllers: [LoadingController],
  providers: [LoadingService],
})
export class LoadingModule {}
