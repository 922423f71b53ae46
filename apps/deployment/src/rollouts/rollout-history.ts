import { InvalidRequest, NotFound, type RolloutQuery, type Rollouts } from '@millrace/contracts';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThan, type Repository } from 'typeorm';
import { Endpoint } from '../endpoints/endpoint.entity.js';
import { RolloutRecord } from './rollout-record.entity.js';
import { toRolloutView } from './to-rollout-view.js';

const defaultLimit = 20;

/** The rollouts of an endpoint; those of a removed one, too. */
@Injectable()
export class RolloutHistory {
  constructor(
    @InjectRepository(Endpoint) private readonly endpoints: Repository<Endpoint>,
    @InjectRepository(RolloutRecord) private readonly records: Repository<RolloutRecord>,
  ) {}

  async list({ endpoint: name, limit = defaultLimit, after }: RolloutQuery): Promise<Rollouts> {
    const endpoint = await this.endpoints.findOneBy({ name });
    if (!endpoint) throw new NotFound('endpoint', name);
    const found = await this.records.find({
      where: { endpoint: name, ...(after === undefined ? {} : { number: LessThan(numberOf(after)) }) },
      order: { number: 'DESC' },
      take: limit + 1,
    });
    const page = found.slice(0, limit);
    // The newest is kept with its endpoint, where it is measured.
    const states = page.map(({ state, number }) =>
      endpoint.rollout?.number === number ? endpoint.rollout : state,
    );
    const next = found.length > limit ? { next: String(page.at(-1)!.number) } : {};
    return { items: states.map((state) => toRolloutView(state)), ...next };
  }
}

const numberOf = (after: string): number => {
  if (/^\d{1,9}$/.test(after)) return Number(after);
  throw new InvalidRequest([{ field: 'after', message: 'is not the `next` of an earlier page' }]);
};
