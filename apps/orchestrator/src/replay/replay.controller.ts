import {
  CompareRuns,
  replayGet,
  ReplayRun,
  runCompare,
  RunId,
  runReplay,
  type ReplayView,
  type RunComparison,
} from '@millrace/contracts';
import { Handle } from '@millrace/messaging';
import { Controller } from '@nestjs/common';
import { ReplayService } from './replay.service.js';

@Controller()
export class ReplayController {
  constructor(private readonly replays: ReplayService) {}

  @Handle(runReplay)
  replay(request: ReplayRun): Promise<ReplayView> {
    return this.replays.replay(request);
  }

  @Handle(replayGet)
  get({ run }: RunId): Promise<ReplayView> {
    return this.replays.get(run);
  }

  @Handle(runCompare)
  compare(runs: CompareRuns): Promise<RunComparison> {
    return this.replays.compare(runs);
  }
}
