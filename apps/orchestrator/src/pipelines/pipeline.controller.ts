import {
  PageRequest,
  pipelineGet,
  pipelineList,
  PipelineName,
  pipelineSubmit,
  SubmitPipeline,
  type Pipelines,
  type PipelineView,
} from '@millrace/contracts';
import { Handle } from '@millrace/messaging';
import { Controller } from '@nestjs/common';
import { PipelineService } from './pipeline.service.js';

@Controller()
export class PipelineController {
  constructor(private readonly pipelines: PipelineService) {}

  @Handle(pipelineSubmit)
  submit(request: SubmitPipeline): Promise<PipelineView> {
    return this.pipelines.submit(request);
  }

  @Handle(pipelineList)
  list(request: PageRequest): Promise<Pipelines> {
    return this.pipelines.list(request);
  }

  @Handle(pipelineGet)
  get({ name }: PipelineName): Promise<PipelineView> {
    return this.pipelines.get(name);
  }
}
