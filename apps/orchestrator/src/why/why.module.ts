import { Module } from '@nestjs/common';
import { RunsModule } from '../runs/runs.module.js';
import { WhyController } from './why.controller.js';
import { WhyService } from './why.service.js';

@Module({ imports: [RunsModule], controllers: [WhyController], providers: [WhyService] })
export class WhyModule {}
