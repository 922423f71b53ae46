import { Module } from '@nestjs/common';
import { CatalogueService } from './catalogue.service.js';
import { DatasetsController } from './datasets.controller.js';
import { DatasetsService } from './datasets.service.js';

@Module({
  controllers: [DatasetsController],
  providers: [DatasetsService, CatalogueService],
  exports: [CatalogueService],
})
export class DatasetsModule {}
