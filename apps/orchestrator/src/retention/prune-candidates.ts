import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type SelectQueryBuilder } from 'typeorm';
import { Pipeline } from '../pipelines/pipeline.entity.js';
import { RunRow } from '../runs/store/run.entity.js';
import { firstIdAt } from '../search/started.js';

/** Zero: no limit. */
export interface Policy {
  maxAgeDays: number;
  maxRuns: number;
}

const dayMs = 86_400_000;
const chunk = 200;
const atTheirEnd = `run.status IN ('succeeded', 'failed', 'cancelled')`;
// What another run began is kept as long as that one: it may be resumed, and then goes on with it.
const ended = `${atTheirEnd}
  AND NOT EXISTS (SELECT 1 FROM run other WHERE other.id = run.parent)`;

/** Runs that a policy no longer wants. */
@Injectable()
export class PruneCandidates {
  constructor(
    @InjectRepository(RunRow) private readonly runs: Repository<RunRow>,
    @InjectRepository(Pipeline) private readonly pipelines: Repository<Pipeline>,
  ) {}

  /** Oldest first. */
  async find({ maxAgeDays, maxRuns }: Policy, limit: number, pipeline?: string): Promise<string[]> {
    const found = new Set<string>();
    if (maxAgeDays > 0)
      for (const id of await this.#tooOld(Date.now() - maxAgeDays * dayMs, limit, pipeline)) found.add(id);
    if (maxRuns === 0) return [...found];
    const names = pipeline === undefined ? (await this.pipelines.find()).map(({ name }) => name) : [pipeline];
    for (const name of names) {
      if (found.size >= limit) break;
      for (const id of await this.#tooMany(name, maxRuns, limit)) found.add(id);
    }
    return [...found].slice(0, limit);
  }

  /** The runs that were begun for steps of these, and for steps of those, where they are at their end: they go with them. */
  async below(runs: readonly string[]): Promise<string[]> {
    const found: string[] = [];
    for (let above = runs; above.length > 0;) {
      const next: string[] = [];
      for (let i = 0; i < above.length; i += chunk)
        next.push(
          ...(await idsOf(
            this.runs
              .createQueryBuilder('run')
              .select('run.id', 'id')
              .where('run.parent IN (:...above)', { above: above.slice(i, i + chunk) })
              .andWhere(atTheirEnd),
          )),
        );
      found.push(...next);
      above = next;
    }
    return found;
  }

  async #tooOld(before: number, limit: number, pipeline?: string): Promise<string[]> {
    const query = this.#ended()
      // No run ends before it begins: along the index of ids.
      .andWhere('run.id < :id', { id: firstIdAt(new Date(before).toISOString()) })
      .andWhere('run.finished_at < :before', { before });
    if (pipeline !== undefined) query.andWhere('run.pipeline = :pipeline', { pipeline });
    return idsOf(query.orderBy('run.id', 'ASC').limit(limit));
  }

  async #tooMany(pipeline: string, keep: number, limit: number): Promise<string[]> {
    const of = () => this.#ended().andWhere('run.pipeline = :pipeline', { pipeline });
    const [edge] = await idsOf(of().orderBy('run.id', 'DESC').offset(keep).limit(1));
    if (edge === undefined) return [];
    return idsOf(of().andWhere('run.id <= :edge', { edge }).orderBy('run.id', 'ASC').limit(limit));
  }

  #ended(): SelectQueryBuilder<RunRow> {
    return this.runs.createQueryBuilder('run').select('run.id', 'id').where(ended);
  }
}

const idsOf = async (query: SelectQueryBuilder<RunRow>): Promise<string[]> =>
  (await query.getRawMany<{ id: string }>()).map(({ id }) => id);
