import {
  backfillCancel,
  backfillGet,
  BackfillId,
  backfillList,
  backfillPause,
  backfillResume,
  backfillStart,
  PageRequest,
  ResumeBackfill,
  StartBackfill,
  type Backfills,
  type BackfillView,
} from '@millrace/contracts';
import { Handle } from '@millrace/messaging';
import { Controller } from '@nestjs/common';
import { BackfillService } from './backfill.service.js';

@Controller()
export class BackfillController {
  constructor(private readonly backfills: BackfillService) {}

  @Handle(backfillStart)
  start(request: StartBackfill): Promise<BackfillView> {
    return this.backfills.start(request);
  }

  @Handle(backfillGet)
  get({ backfill }: BackfillId): Promise<BackfillView> {
    return this.backfills.get(backfill);
  }

  @Handle(backfillList)
  list(page: PageRequest): Promise<Backfills> {
    return this.backfills.list(page);
  }

  @Handle(backfillPause)
  pause({ backfill }: BackfillId): Promise<BackfillView> {
    return this.backfills.pause(backfill);
  }

  @Handle(backfillResume)
  resume(request: ResumeBackfill): Promise<BackfillView> {
    return this.backfills.resume(request);
  }

  @Handle(backfillCancel)
  cancel({ backfill }: BackfillId): Promise<BackfillView> {
    return this.backfills.cancel(backfill);
  }
}
