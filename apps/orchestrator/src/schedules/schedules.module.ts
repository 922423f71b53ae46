import { Module } from '@nestjs/common';
import { PipelinesModule } from '../pipelines/pipelines.module.js';
import { RunsModule } from '../runs/runs.module.js';
import { ScheduleController } from './schedule.controller.js';
import { ScheduleService } from './schedule.service.js';
import { TickStarter } from './tick-starter.js';
import { Ticker } from './ticker.js';
import { WallClock } from './wall-clock.js';

@Module({
  imports: [PipelinesModule, RunsModule],
  controllers: [ScheduleController],
  providers: [ScheduleService, TickStarter, Ticker, WallClock],
})
export class SchedulesModule {}
