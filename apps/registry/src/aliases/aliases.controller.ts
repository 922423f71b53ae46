import { aliasSet, SetAlias, type ModelVersionView } from '@millrace/contracts';
import { Handle } from '@millrace/messaging';
import { Controller } from '@nestjs/common';
import { AliasesService } from './aliases.service.js';

@Controller()
export class AliasesController {
  constructor(private readonly aliases: AliasesService) {}

  @Handle(aliasSet)
  set(request: SetAlias): Promise<ModelVersionView> {
    return this.aliases.set(request);
  }
}
