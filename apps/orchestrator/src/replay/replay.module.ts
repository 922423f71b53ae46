import { Module } from '@nestjs/common';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { PipelinesModule } from '../pipelines/pipelines.module.js';
import { RunsModule } from '../runs/runs.module.js';
import { ReplayStarter } from './replay-starter.js';
import { ReplayController } from './replay.controller.js';
import { ReplayService } from './replay.service.js';

@Module({
  imports: [CatalogueModule, PipelinesModule, RunsModule],
  controllers: [ReplayController],
  providers: [ReplayStarter, ReplayService],
})
export class ReplayModule {}
