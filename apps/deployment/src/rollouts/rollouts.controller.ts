import {
  endpointPromote,
  endpointRollback,
  RollbackRequest,
  rolloutList,
  RolloutQuery,
  RolloutRequest,
  type EndpointView,
  type Rollouts,
} from '@millrace/contracts';
import { Handle } from '@millrace/messaging';
import { Controller } from '@nestjs/common';
import { RolloutHistory } from './rollout-history.js';
import { RolloutsService } from './rollouts.service.js';

@Controller()
export class RolloutsController {
  constructor(
    private readonly rollouts: RolloutsService,
    private readonly history: RolloutHistory,
  ) {}

  @Handle(endpointPromote)
  promote(request: RolloutRequest): Promise<EndpointView> {
    return this.rollouts.promote(request);
  }

  @Handle(endpointRollback)
  rollback(request: RollbackRequest): Promise<EndpointView> {
    return this.rollouts.rollback(request);
  }

  @Handle(rolloutList)
  list(query: RolloutQuery): Promise<Rollouts> {
    return this.history.list(query);
  }
}
