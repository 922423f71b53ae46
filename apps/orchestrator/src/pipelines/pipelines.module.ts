import { Module } from '@nestjs/common';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { PipelineController } from './pipeline.controller.js';
import { PipelineService } from './pipeline.service.js';
import { PlanLibrary } from './plan-library.js';

@Module({
  imports: [CatalogueModule],
  controllers: [PipelineController],
  providers: [PipelineService, PlanLibrary],
  exports: [PipelineService, PlanLibrary],
})
export class PipelinesModule {}
