import { Module } from '@nestjs/common';
import { BackfillModule } from '../backfill/backfill.module.js';
import { DeadLettersModule } from '../dead-letters/dead-letters.module.js';
import { LineageModule } from '../lineage/lineage.module.js';
import { ReplayModule } from '../replay/replay.module.js';
import { RetentionModule } from '../retention/retention.module.js';
import { SearchModule } from '../search/search.module.js';
import { WhyModule } from '../why/why.module.js';

/** What can be done with runs and their history, beside driving them. */
@Module({
  imports: [
    BackfillModule,
    DeadLettersModule,
    LineageModule,
    ReplayModule,
    RetentionModule,
    SearchModule,
    WhyModule,
  ],
})
export class OperationsModule {}
