import { Module } from '@nestjs/common';
import { PruneCandidates } from './prune-candidates.js';
import { Pruner } from './pruner.js';
import { RetentionController } from './retention.controller.js';

@Module({ controllers: [RetentionController], providers: [PruneCandidates, Pruner] })
export class RetentionModule {}
