import {
  DomainError,
  NotFound,
  type CompareRuns,
  type ReplayRun,
  type ReplayView,
  type RunComparison,
} from '@millrace/contracts';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { writeRows } from '../database/write-rows.js';
import { isFinished } from '../runs/decide/state.js';
import type { HotRun } from '../runs/drive/hot-run.js';
import { RunDriver } from '../runs/drive/run-driver.js';
import { RunReader } from '../runs/store/run-reader.js';
import { compareRuns } from './compare.js';
import { ReplayStarter } from './replay-starter.js';
import { ReplayRow } from './replay.entity.js';

/** Runs repeated, and what came out another way. */
@Injectable()
export class ReplayService {
  constructor(
    @InjectRepository(ReplayRow) private readonly replays: Repository<ReplayRow>,
    private readonly starter: ReplayStarter,
    private readonly driver: RunDriver,
    private readonly reader: RunReader,
  ) {}

  /** @throws DomainError conflict while the run that is to be repeated is not at its end */
  async replay(request: ReplayRun): Promise<ReplayView> {
    const known = await this.#askedBefore(request);
    if (known) return known;
    const before = await this.#load(request.run);
    if (!isFinished(before.state.status))
      throw new DomainError('conflict', `run '${request.run}' is not at its end`, { retryable: true });
    const { run, kept } = await this.starter.prepare(before, request);
    const row: ReplayRow = { run: run.state.run, of: request.run, kept, createdAt: Date.now() };
    try {
      const begun = await this.driver.begin(run, (em) => writeRows(em, ReplayRow, [row]));
      return viewOf(row, before, begun);
    } catch (error) {
      // The key is unique: perhaps the same request was faster, here or at another replica.
      const other = await this.#askedBefore(request);
      if (other) return other;
      throw error;
    }
  }

  /** @throws NotFound also when the run that was repeated is pruned: there is nothing to compare with */
  async get(run: string): Promise<ReplayView> {
    const row = await this.replays.findOneBy({ run });
    if (!row) throw new NotFound('replay', run);
    return viewOf(row, await this.#load(row.of), await this.#load(run));
  }

  async compare({ run, other }: CompareRuns): Promise<RunComparison> {
    return compareRuns(await this.#load(other), await this.#load(run));
  }

  async #askedBefore({ run, idempotencyKey: key }: ReplayRun): Promise<ReplayView | undefined> {
    const started = key === undefined ? null : await this.reader.findByKey(key);
    if (!started) return undefined;
    const row = await this.replays.findOneBy({ run: started.id, of: run });
    if (!row)
      throw new DomainError('conflict', `idempotencyKey '${key}' belongs to another run`, {
        retryable: false,
        details: { run: started.id },
      });
    return this.get(row.run);
  }

  async #load(run: string): Promise<HotRun> {
    const loaded = await this.reader.load(run);
    if (!loaded) throw new NotFound('run', run);
    return loaded;
  }
}

const viewOf = ({ run, of, kept }: ReplayRow, before: HotRun, after: HotRun): ReplayView => ({
  run,
  of,
  status: after.state.status,
  kept,
  comparison: compareRuns(before, after, new Set(kept)),
});
