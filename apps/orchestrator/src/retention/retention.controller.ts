import { historyPrune, PruneHistory, type Pruned } from '@millrace/contracts';
import { Handle } from '@millrace/messaging';
import { Controller } from '@nestjs/common';
import { Pruner } from './pruner.js';

@Controller()
export class RetentionController {
  constructor(private readonly pruner: Pruner) {}

  @Handle(historyPrune)
  prune(request: PruneHistory): Promise<Pruned> {
    return this.pruner.prune(request);
  }
}
