import {
  InvalidRequest,
  NotFound,
  type PipelineVersionRef,
  type PipelineVersions,
  type PipelineVersionsQuery,
  type PipelineView,
} from '@millrace/contracts';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThan, Repository } from 'typeorm';
import { fitting } from '../search/fitting.js';
import { PipelineVersion } from './pipeline.entity.js';

const defaultLimit = 20;

const viewOf = ({ createdAt, ...version }: PipelineVersion): PipelineView => ({
  ...version,
  createdAt: new Date(createdAt).toISOString(),
});

/** What a pipeline was like before: each run keeps the version that it began with. */
@Injectable()
export class PipelineHistory {
  constructor(@InjectRepository(PipelineVersion) private readonly versions: Repository<PipelineVersion>) {}

  async list({ name, limit = defaultLimit, after }: PipelineVersionsQuery): Promise<PipelineVersions> {
    const before = after === undefined ? undefined : Number(after);
    if (before !== undefined && !Number.isSafeInteger(before))
      throw new InvalidRequest([{ field: 'after', message: "must be the 'next' of the page before" }]);
    const found = await this.versions.find({
      where: { name, ...(before === undefined ? {} : { version: LessThan(before) }) },
      order: { version: 'DESC' },
      take: limit + 1,
    });
    if (found.length === 0 && before === undefined) throw new NotFound('pipeline', name);
    const items = fitting(found.slice(0, limit).map(viewOf));
    const last = items.at(-1);
    return found.length > items.length && last ? { items, next: String(last.version) } : { items };
  }

  async get({ name, version }: PipelineVersionRef): Promise<PipelineView> {
    const found = await this.versions.findOneBy({ name, version });
    if (!found) throw new NotFound('pipeline version', `${name} ${version}`);
    return viewOf(found);
  }
}
