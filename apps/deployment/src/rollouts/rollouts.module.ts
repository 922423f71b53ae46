import { Module } from '@nestjs/common';
import { EndpointsModule } from '../endpoints/endpoints.module.js';
import { Presence } from '../replicas/presence.js';
import { RolloutDriver } from './rollout-driver.js';
import { RolloutHistory } from './rollout-history.js';
import { RolloutMeasurements } from './rollout-measurements.js';
import { RolloutStore } from './rollout-store.js';
import { RolloutWindows } from './rollout-windows.js';
import { RolloutsController } from './rollouts.controller.js';
import { RolloutsService } from './rollouts.service.js';

@Module({
  imports: [EndpointsModule],
  controllers: [RolloutsController],
  providers: [
    RolloutStore,
    RolloutsService,
    RolloutHistory,
    RolloutDriver,
    RolloutWindows,
    RolloutMeasurements,
    Presence,
  ],
  exports: [RolloutStore],
})
export class RolloutsModule {}
