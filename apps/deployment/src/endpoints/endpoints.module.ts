import { Module } from '@nestjs/common';
import { Announcer } from './announcer.js';
import { EndpointsController } from './endpoints.controller.js';
import { EndpointsService } from './endpoints.service.js';

@Module({
  controllers: [EndpointsController],
  providers: [EndpointsService, Announcer],
  exports: [EndpointsService, Announcer],
})
export class EndpointsModule {}
