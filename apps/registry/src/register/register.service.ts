import { ARTIFACT_STORE, type ArtifactStore } from '@millrace/artifacts';
import type { ModelVersionView, RegisterVersion } from '@millrace/contracts';
import { isUniqueViolation, Transactions } from '@millrace/persistence';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { pointAlias } from '../aliases/point-alias.js';
import { Announcer } from '../announcer.js';
import { ModelAlias } from '../models/model-alias.entity.js';
import { ModelVersion } from '../models/model-version.entity.js';
import { toView } from '../models/to-view.js';
import { checkModel, type VersionContent } from './check-model.js';
import { KeyUsed } from './register.errors.js';

/** Replicas that register at the same time may want the same number: all but one try again. */
const mostAttempts = 30;

/** Gives models their next version; each is announced, once, with the transaction that makes it. */
@Injectable()
export class RegisterService {
  constructor(
    @Inject(ARTIFACT_STORE) private readonly store: ArtifactStore,
    private readonly transactions: Transactions,
    private readonly announcer: Announcer,
  ) {}

  async register(request: RegisterVersion): Promise<ModelVersionView> {
    const earlier = await this.transactions.run((em) => findEarlier(em, request));
    return earlier ?? this.add(request, await checkModel(this.store, request));
  }

  private async add(request: RegisterVersion, content: VersionContent): Promise<ModelVersionView> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.transactions.run(
          async (em) => (await findEarlier(em, request)) ?? this.addNext(em, request, content),
        );
      } catch (error) {
        if (!isUniqueViolation(error) || attempt === mostAttempts) throw error;
      }
    }
  }

  private async addNext(
    em: EntityManager,
    { name, aliases = [], idempotencyKey }: RegisterVersion,
    content: VersionContent,
  ): Promise<ModelVersionView> {
    const latest = (await em.maximum(ModelVersion, 'version', { name })) ?? 0;
    const version = em.create(ModelVersion, {
      ...content,
      name,
      version: latest + 1,
      idempotencyKey,
      createdAt: Date.now(),
    });
    await em.insert(ModelVersion, version);
    const pointed = [...new Set(aliases)].map((alias) => ({ name, alias, version: version.version }));
    for (const alias of pointed) await pointAlias(em, alias);
    const view = { ...toView(version, []), aliases: pointed.map(({ alias }) => alias).sort() };
    await this.announcer.versionCreated(em, view);
    for (const alias of pointed) await this.announcer.aliasChanged(em, alias);
    return view;
  }
}

/** What this key registered before. @throws KeyUsed when that was something else */
const findEarlier = async (
  em: EntityManager,
  { idempotencyKey, name, model }: RegisterVersion,
): Promise<ModelVersionView | undefined> => {
  const earlier = await em.findOneBy(ModelVersion, { idempotencyKey });
  if (!earlier) return undefined;
  if (earlier.name !== name || earlier.model.digest !== model.digest)
    throw new KeyUsed(idempotencyKey, earlier.name, earlier.version);
  return toView(earlier, await em.findBy(ModelAlias, { name, version: earlier.version }));
};
