import { BeginTask, taskBegin, type Empty } from '@millrace/contracts';
import { Handle } from '@millrace/messaging';
import { Controller } from '@nestjs/common';
import { TaskBeginnings } from './task-beginnings.service.js';

@Controller()
export class TaskController {
  constructor(private readonly beginnings: TaskBeginnings) {}

  @Handle(taskBegin)
  begin(task: BeginTask): Promise<Empty> {
    return this.beginnings.note(task);
  }
}
