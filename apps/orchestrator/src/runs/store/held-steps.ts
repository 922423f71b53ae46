import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type SelectQueryBuilder } from 'typeorm';
import { StepRow } from './step.entity.js';

/** Word for word as in the partial index. */
const isHeld = `step.status = 'waiting' AND step.held_at IS NOT NULL`;

const heldOf = (em: EntityManager, component: string): SelectQueryBuilder<StepRow> =>
  em.createQueryBuilder(StepRow, 'step').where(isHeld).andWhere('step.component = :component', { component });

/** How many tasks of a component are out, of all runs; or of those, that nobody has taken up. */
export const countTasks = (
  em: EntityManager,
  component: string,
  counts: 'out' | 'queued' = 'out',
): Promise<number> => {
  const out = em
    .createQueryBuilder(StepRow, 'step')
    // Word for word as in the partial index.
    .where(`step.status IN ('queued', 'running')`)
    .andWhere('step.component = :component AND step.token > 0', { component });
  return (counts === 'out' ? out : out.andWhere(`step.status = 'queued'`)).getCount();
};

export const isAnyHeld = async (em: EntityManager, component: string): Promise<boolean> =>
  (await heldOf(em, component).select('1', 'found').limit(1).getRawOne()) !== undefined;

/** Steps that wait for room of their component, as the database has them. */
@Injectable()
export class HeldSteps {
  readonly #em: EntityManager;

  constructor(dataSource: DataSource) {
    this.#em = dataSource.manager;
  }

  count(component: string, counts: 'out' | 'queued'): Promise<number> {
    return countTasks(this.#em, component, counts);
  }

  /** Who is to go out next: by priority, then whoever waits longest. */
  next(component: string, limit: number): Promise<{ run: string; step: string }[]> {
    return heldOf(this.#em, component)
      .select('step.run', 'run')
      .addSelect('step.name', 'step')
      .orderBy('step.priority', 'DESC')
      .addOrderBy('step.held_at', 'ASC')
      .addOrderBy('step.run', 'ASC')
      .addOrderBy('step.position', 'ASC')
      .limit(limit)
      .getRawMany<{ run: string; step: string }>();
  }

  /** Components of which something is held. */
  async components(): Promise<string[]> {
    const found = await this.#em
      .createQueryBuilder(StepRow, 'step')
      .select('step.component', 'component')
      .distinct(true)
      .where(isHeld)
      .getRawMany<{ component: string }>();
    return found.map(({ component }) => component);
  }
}
