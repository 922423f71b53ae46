import {
  PageRequest,
  PreviewSchedule,
  scheduleList,
  ScheduleName,
  schedulePause,
  schedulePreview,
  scheduleResume,
  type Schedules,
  type ScheduleView,
  type Ticks,
} from '@millrace/contracts';
import { Handle } from '@millrace/messaging';
import { Controller } from '@nestjs/common';
import { ScheduleService } from './schedule.service.js';

@Controller()
export class ScheduleController {
  constructor(private readonly schedules: ScheduleService) {}

  @Handle(scheduleList)
  list(request: PageRequest): Promise<Schedules> {
    return this.schedules.list(request);
  }

  @Handle(schedulePause)
  pause({ pipeline }: ScheduleName): Promise<ScheduleView> {
    return this.schedules.pause(pipeline);
  }

  @Handle(scheduleResume)
  resume({ pipeline }: ScheduleName): Promise<ScheduleView> {
    return this.schedules.resume(pipeline);
  }

  @Handle(schedulePreview)
  preview(request: PreviewSchedule): Promise<Ticks> {
    return this.schedules.preview(request);
  }
}
