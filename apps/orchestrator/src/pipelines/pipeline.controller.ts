import {
  PageRequest,
  pipelineGet,
  pipelineList,
  PipelineName,
  pipelineSchema,
  pipelineSchemaGet,
  pipelineSubmit,
  SubmitPipeline,
  type PipelineSchema,
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

  @Handle(pipelineSchemaGet)
  schema(): PipelineSchema {
    return pipelineSchema as unknown as PipelineSchema;
  }
}
