import { Module } from '@nestjs/common';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { PipelineHistoryController } from './pipeline-history.controller.js';
import { PipelineHistory } from './pipeline-history.service.js';
import { PipelineController } from './pipeline.controller.js';
import { PipelineService } from './pipeline.service.js';
import { PlanLibrary } from './plan-library.js';
import { Submissions } from './submissions.js';

@Module({
  imports: [CatalogueModule],
  controllers: [PipelineController, PipelineHistoryController],
  providers: [PipelineService, PlanLibrary, PipelineHistory, Submissions],
  exports: [PipelineHistory, PipelineService, PlanLibrary, Submissions],
})
export class PipelinesModule {}
