import {
  runCancel,
  runGet,
  RunId,
  runList,
  RunQuery,
  runStart,
  StartRun,
  stepList,
  StepQuery,
  type Runs,
  type RunView,
  type StepPage,
} from '@millrace/contracts';
import { Handle } from '@millrace/messaging';
import { Controller } from '@nestjs/common';
import { RunQueryService } from './run-query.service.js';
import { RunService } from './run.service.js';

@Controller()
export class RunController {
  constructor(
    private readonly runs: RunService,
    private readonly queries: RunQueryService,
  ) {}

  @Handle(runStart)
  start(request: StartRun): Promise<RunView> {
    return this.runs.start(request);
  }

  @Handle(runCancel)
  cancel({ run }: RunId): Promise<RunView> {
    return this.runs.cancel(run);
  }

  @Handle(runGet)
  get({ run }: RunId): Promise<RunView> {
    return this.queries.get(run);
  }

  @Handle(stepList)
  steps(query: StepQuery): Promise<StepPage> {
    return this.queries.listSteps(query);
  }

  @Handle(runList)
  list(query: RunQuery): Promise<Runs> {
    return this.queries.list(query);
  }
}
