import { triggerList, TriggerQuery, type Triggers } from '@millrace/contracts';
import { Handle } from '@millrace/messaging';
import { Controller } from '@nestjs/common';
import { TriggerService } from './trigger.service.js';

@Controller()
export class TriggerController {
  constructor(private readonly triggers: TriggerService) {}

  @Handle(triggerList)
  list(query: TriggerQuery): Promise<Triggers> {
    return this.triggers.list(query);
  }
}
