import { Module } from '@nestjs/common';
import { RunsModule } from '../runs/runs.module.js';
import { BackfillDriver } from './backfill-driver.js';
import { BackfillController } from './backfill.controller.js';
import { BackfillService } from './backfill.service.js';

@Module({
  imports: [RunsModule],
  controllers: [BackfillController],
  providers: [BackfillDriver, BackfillService],
})
export class BackfillModule {}
