import { aliasGet, AliasSelector, aliasSet, SetAlias, type ModelVersionView } from '@millrace/contracts';
import { Handle } from '@millrace/messaging';
import { Controller } from '@nestjs/common';
import { ModelsService } from '../models/models.service.js';
import { AliasesService } from './aliases.service.js';

@Controller()
export class AliasesController {
  constructor(
    private readonly aliases: AliasesService,
    private readonly models: ModelsService,
  ) {}

  @Handle(aliasGet)
  get({ name, alias }: AliasSelector): Promise<ModelVersionView> {
    return this.models.getVersion({ name, alias });
  }

  @Handle(aliasSet)
  set(request: SetAlias): Promise<ModelVersionView> {
    return this.aliases.set(request);
  }
}
