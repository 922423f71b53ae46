import {
  NotFound,
  type ExperimentId,
  type Experiments,
  type ExperimentView,
  type PageRequest,
} from '@millrace/contracts';
import { Transactions } from '@millrace/persistence';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThan, type Repository } from 'typeorm';
import { Experiment } from './experiment.entity.js';
import { readCursor, writeCursor } from './page-cursor.js';
import { toView } from './to-view.js';

const defaultPage = 100;

/** Keeps the record of every fit. */
@Injectable()
export class ExperimentsService {
  constructor(
    @InjectRepository(Experiment) private readonly experiments: Repository<Experiment>,
    private readonly transactions: Transactions,
  ) {}

  async list({ limit = defaultPage, after }: PageRequest): Promise<Experiments> {
    const page = await this.experiments.find({
      ...(after === undefined ? {} : { where: olderThan(after) }),
      order: { createdAt: 'DESC', id: 'DESC' },
      take: limit + 1,
    });
    const shown = page.slice(0, limit);
    return {
      items: shown.map(toView),
      ...(page.length > limit ? { next: writeCursor(shown.at(-1)!) } : {}),
    };
  }

  async get({ id }: ExperimentId): Promise<ExperimentView> {
    const found = await this.experiments.findOneBy({ id });
    if (!found) throw new NotFound('experiment', id);
    return toView(found);
  }

  /** Adds the record of a step, or replaces that of its earlier attempt. */
  async record(experiment: Experiment): Promise<void> {
    await this.transactions.run((em) => em.upsert(Experiment, experiment, ['id']));
  }
}

const olderThan = (after: string) => {
  const { createdAt, id } = readCursor(after);
  return [{ createdAt: LessThan(createdAt) }, { createdAt, id: LessThan(id) }];
};
