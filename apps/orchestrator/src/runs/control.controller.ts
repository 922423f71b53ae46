import {
  approvalDecide,
  approvalList,
  DecideApproval,
  ListApprovals,
  runPause,
  runResume,
  runUnpause,
  RunId,
  StepOfRun,
  stepRetry,
  type Approvals,
  type RunView,
} from '@millrace/contracts';
import { Handle } from '@millrace/messaging';
import { Controller } from '@nestjs/common';
import { ApprovalsService } from './approvals.service.js';
import { RunService } from './run.service.js';

/** Steering runs that are under way or over. */
@Controller()
export class ControlController {
  constructor(
    private readonly runs: RunService,
    private readonly undecided: ApprovalsService,
  ) {}

  @Handle(runPause)
  pause({ run }: RunId): Promise<RunView> {
    return this.runs.pause(run);
  }

  @Handle(runUnpause)
  unpause({ run }: RunId): Promise<RunView> {
    return this.runs.unpause(run);
  }

  @Handle(runResume)
  resume({ run }: RunId): Promise<RunView> {
    return this.runs.resume(run);
  }

  @Handle(approvalList)
  approvals(query: ListApprovals): Promise<Approvals> {
    return this.undecided.list(query);
  }

  @Handle(approvalDecide)
  decide(request: DecideApproval): Promise<RunView> {
    return this.runs.decideApproval(request);
  }

  @Handle(stepRetry)
  retry(request: StepOfRun): Promise<RunView> {
    return this.runs.retryStep(request);
  }
}
