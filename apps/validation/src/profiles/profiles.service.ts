import { NotFound, type ColumnProfile, type ProfileRequest, type ProfileView } from '@millrace/contracts';
import { DataEngine } from '@millrace/data';
import { Transactions } from '@millrace/persistence';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { suggestExpectations } from '../expectations/suggest-expectations.js';
import { Profile } from './profile.entity.js';

@Injectable()
export class ProfilesService {
  constructor(
    @InjectRepository(Profile) private readonly profiles: Repository<Profile>,
    private readonly transactions: Transactions,
    private readonly data: DataEngine,
  ) {}

  /** Of a dataset, which never changes: made once. */
  async of(dataset: string, paths: readonly string[], signal: AbortSignal): Promise<ColumnProfile[]> {
    const known = await this.profiles.findOneBy({ dataset });
    if (known) return known.columns;
    const columns = await this.data.profile(paths, { signal });
    await this.transactions.run(
      (em) => em.sql`
        INSERT INTO profile (dataset, columns, expectations, created_at)
        VALUES (${dataset}, ${JSON.stringify(columns)}, ${JSON.stringify(suggestExpectations(columns))}, ${Date.now()})
        ON CONFLICT (dataset) DO NOTHING`,
    );
    return columns;
  }

  async get({ dataset }: ProfileRequest): Promise<ProfileView> {
    const profile = await this.profiles.findOneBy({ dataset });
    if (!profile) throw new NotFound('profile', dataset);
    const { columns, expectations, createdAt } = profile;
    return {
      ...{ dataset, columns, createdAt: new Date(createdAt).toISOString() },
      expectations: expectations as Record<string, unknown>[],
    };
  }
}
