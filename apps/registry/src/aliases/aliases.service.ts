import type { ModelVersionView, SetAlias } from '@millrace/contracts';
import { Transactions } from '@millrace/persistence';
import { Injectable } from '@nestjs/common';
import { Announcer } from '../announcer.js';
import { ModelVersion } from '../models/model-version.entity.js';
import { NoSuchVersion } from '../models/model.errors.js';
import { ModelsService } from '../models/models.service.js';
import { pointAlias } from './point-alias.js';

@Injectable()
export class AliasesService {
  constructor(
    private readonly transactions: Transactions,
    private readonly announcer: Announcer,
    private readonly models: ModelsService,
  ) {}

  async set({ name, alias, version }: SetAlias): Promise<ModelVersionView> {
    await this.transactions.run(async (em) => {
      if (!(await em.existsBy(ModelVersion, { name, version }))) throw new NoSuchVersion(name, version);
      const changed = await pointAlias(em, { name, alias, version });
      if (changed) await this.announcer.aliasChanged(em, { name, alias, version });
    });
    return this.models.getVersion({ name, version });
  }
}
