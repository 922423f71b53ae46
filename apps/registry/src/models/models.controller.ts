import {
  ModelName,
  modelGet,
  modelList,
  PageRequest,
  versionGet,
  VersionSelector,
  type ModelVersions,
  type ModelVersionView,
} from '@millrace/contracts';
import { Handle } from '@millrace/messaging';
import { Controller } from '@nestjs/common';
import { ModelsService } from './models.service.js';

@Controller()
export class ModelsController {
  constructor(private readonly models: ModelsService) {}

  @Handle(modelList)
  list(page: PageRequest): Promise<ModelVersions> {
    return this.models.list(page);
  }

  @Handle(modelGet)
  get(model: ModelName): Promise<ModelVersions> {
    return this.models.get(model);
  }

  @Handle(versionGet)
  getVersion(selector: VersionSelector): Promise<ModelVersionView> {
    return this.models.getVersion(selector);
  }
}
