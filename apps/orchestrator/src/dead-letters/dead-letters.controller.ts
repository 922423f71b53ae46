import {
  deadLetterGet,
  deadLetterList,
  DeadLetterQuery,
  deadLetterRequeue,
  StepRef,
  type DeadLetters,
  type DeadLetterView,
  type RunView,
} from '@millrace/contracts';
import { Handle } from '@millrace/messaging';
import { Controller } from '@nestjs/common';
import { DeadLetterService } from './dead-letters.service.js';

@Controller()
export class DeadLetterController {
  constructor(private readonly letters: DeadLetterService) {}

  @Handle(deadLetterList)
  list(query: DeadLetterQuery): Promise<DeadLetters> {
    return this.letters.list(query);
  }

  @Handle(deadLetterGet)
  get(step: StepRef): Promise<DeadLetterView> {
    return this.letters.get(step);
  }

  @Handle(deadLetterRequeue)
  requeue(step: StepRef): Promise<RunView> {
    return this.letters.requeue(step);
  }
}
