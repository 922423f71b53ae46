import {
  Empty,
  modelConfig,
  modelMetadata,
  modelReady,
  repositoryIndex,
  RepositoryQuery,
  ServedModel,
  serverMetadata,
  type InferenceServerMetadata,
  type RepositoryIndex,
  type ServedModelConfig,
  type ServedModelMetadata,
  type ServedModelReady,
} from '@millrace/contracts';
import { Handle } from '@millrace/messaging';
import { Controller } from '@nestjs/common';
import { ServedModelsService } from './served-models.service.js';

@Controller()
export class ServedModelsController {
  constructor(private readonly models: ServedModelsService) {}

  @Handle(modelMetadata)
  metadata(model: ServedModel): ServedModelMetadata {
    return this.models.metadata(model);
  }

  @Handle(modelConfig)
  config(model: ServedModel): ServedModelConfig {
    return this.models.config(model);
  }

  @Handle(repositoryIndex)
  index(query: RepositoryQuery): RepositoryIndex {
    return this.models.index(query);
  }

  @Handle(modelReady)
  ready(model: ServedModel): ServedModelReady {
    return this.models.ready(model);
  }

  @Handle(serverMetadata)
  server(_: Empty): InferenceServerMetadata {
    return this.models.server();
  }
}
