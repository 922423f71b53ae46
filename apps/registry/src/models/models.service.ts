import {
  NotFound,
  type ModelName,
  type ModelVersions,
  type ModelVersionView,
  type PageRequest,
  type VersionSelector,
} from '@millrace/contracts';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, type Repository } from 'typeorm';
import { ModelAlias } from './model-alias.entity.js';
import { ModelVersion } from './model-version.entity.js';
import { NoSuchAlias, NoSuchVersion } from './model.errors.js';
import { toView } from './to-view.js';

const defaultPage = 100;
const mostVersions = 1000;

/** Reads the registry. */
@Injectable()
export class ModelsService {
  constructor(
    @InjectRepository(ModelVersion) private readonly versions: Repository<ModelVersion>,
    @InjectRepository(ModelAlias) private readonly aliases: Repository<ModelAlias>,
  ) {}

  async list({ limit = defaultPage, after = '' }: PageRequest): Promise<ModelVersions> {
    const latest = await this.versions
      .createQueryBuilder('v')
      .where('v.name > :after', { after })
      .andWhere(
        (sub) =>
          `v.version = ${sub.subQuery().select('MAX(w.version)').from(ModelVersion, 'w').where('w.name = v.name').getQuery()}`,
      )
      .orderBy('v.name')
      .take(limit + 1)
      .getMany();
    const shown = latest.slice(0, limit);
    const next = latest.length > limit ? { next: shown.at(-1)!.name } : {};
    return { items: await this.toViews(shown), ...next };
  }

  async get({ name }: ModelName): Promise<ModelVersions> {
    const found = await this.versions.find({
      where: { name },
      order: { version: 'DESC' },
      take: mostVersions,
    });
    if (found.length === 0) throw new NotFound('model', name);
    return { items: await this.toViews(found) };
  }

  async getVersion(selector: VersionSelector): Promise<ModelVersionView> {
    const { name } = selector;
    const version = await this.numberOf(selector);
    const found = await this.versions.findOne({
      where: { name, ...(version === undefined ? {} : { version }) },
      order: { version: 'DESC' },
    });
    if (!found) throw version === undefined ? new NotFound('model', name) : new NoSuchVersion(name, version);
    const [view] = await this.toViews([found]);
    return view!;
  }

  /** Undefined = the latest. */
  private async numberOf({ name, version, alias }: VersionSelector): Promise<number | undefined> {
    if (version !== undefined || alias === undefined) return version;
    const found = await this.aliases.findOneBy({ name, alias });
    if (!found) throw new NoSuchAlias(name, alias);
    return found.version;
  }

  private async toViews(versions: ModelVersion[]): Promise<ModelVersionView[]> {
    const names = [...new Set(versions.map(({ name }) => name))];
    const aliases = names.length === 0 ? [] : await this.aliases.findBy({ name: In(names) });
    return versions.map((version) => toView(version, aliases));
  }
}
