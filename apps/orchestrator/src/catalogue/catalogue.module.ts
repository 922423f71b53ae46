import { Module } from '@nestjs/common';
import { Catalogue } from './catalogue.service.js';
import { ComponentController } from './component.controller.js';
import { Discovery } from './discovery.service.js';

@Module({
  controllers: [ComponentController],
  providers: [Catalogue, Discovery],
  exports: [Catalogue, Discovery],
})
export class CatalogueModule {}
