import { StepRef, stepWhy, type StepWhy } from '@millrace/contracts';
import { Handle } from '@millrace/messaging';
import { Controller } from '@nestjs/common';
import { WhyService } from './why.service.js';

@Controller()
export class WhyController {
  constructor(private readonly answers: WhyService) {}

  @Handle(stepWhy)
  why(step: StepRef): Promise<StepWhy> {
    return this.answers.why(step);
  }
}
