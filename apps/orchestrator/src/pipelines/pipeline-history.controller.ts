import {
  pipelineVersion,
  PipelineVersionRef,
  pipelineVersions,
  PipelineVersionsQuery,
  type PipelineVersions,
  type PipelineView,
} from '@millrace/contracts';
import { Handle } from '@millrace/messaging';
import { Controller } from '@nestjs/common';
import { PipelineHistory } from './pipeline-history.service.js';

@Controller()
export class PipelineHistoryController {
  constructor(private readonly history: PipelineHistory) {}

  @Handle(pipelineVersions)
  list(query: PipelineVersionsQuery): Promise<PipelineVersions> {
    return this.history.list(query);
  }

  @Handle(pipelineVersion)
  get(ref: PipelineVersionRef): Promise<PipelineView> {
    return this.history.get(ref);
  }
}
