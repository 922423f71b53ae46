import { Module } from '@nestjs/common';
import { RunsModule } from '../runs/runs.module.js';
import { DeadLetterController } from './dead-letters.controller.js';
import { DeadLetterService } from './dead-letters.service.js';

@Module({ imports: [RunsModule], controllers: [DeadLetterController], providers: [DeadLetterService] })
export class DeadLettersModule {}
