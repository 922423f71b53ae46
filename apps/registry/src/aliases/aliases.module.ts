import { Module } from '@nestjs/common';
import { Announcer } from '../announcer.js';
import { ModelsModule } from '../models/models.module.js';
import { AliasesController } from './aliases.controller.js';
import { AliasesService } from './aliases.service.js';

@Module({ imports: [ModelsModule], controllers: [AliasesController], providers: [AliasesService, Announcer] })
export class AliasesModule {}
