import { Module } from '@nestjs/common';
import { PipelinesModule } from '../pipelines/pipelines.module.js';
import { RunsModule } from '../runs/runs.module.js';
import { Refusals } from './refusals.js';
import { TriggerFiring } from './trigger-firing.js';
import { TriggerListener } from './trigger-listener.js';
import { TriggerSources } from './trigger-sources.js';
import { TriggerController } from './trigger.controller.js';
import { TriggerService } from './trigger.service.js';

@Module({
  imports: [PipelinesModule, RunsModule],
  controllers: [TriggerController],
  providers: [Refusals, TriggerFiring, TriggerSources, TriggerListener, TriggerService],
})
export class TriggersModule {}
