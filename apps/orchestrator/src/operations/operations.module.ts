import { Module } from '@nestjs/common';
import { LineageModule } from '../lineage/lineage.module.js';
import { SearchModule } from '../search/search.module.js';
import { WhyModule } from '../why/why.module.js';

/** What can be done with runs and their history, beside driving them. */
@Module({ imports: [LineageModule, SearchModule, WhyModule] })
export class OperationsModule {}
