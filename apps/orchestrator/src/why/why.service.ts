import type { StepRef, StepWhy } from '@millrace/contracts';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, IsNull, LessThan, Like, Repository } from 'typeorm';
import { LogLine } from '../log/log-line.entity.js';
import { boundOrNothing } from '../runs/bound-or-nothing.js';
import { lookForStep } from '../runs/no-such-step.js';
import { positionOf } from '../runs/drive/signal.js';
import { RunReader } from '../runs/store/run-reader.js';
import { RunRow } from '../runs/store/run.entity.js';
import { StepRow } from '../runs/store/step.entity.js';
import { differences, type Basis } from './differences.js';

/** How far back is looked for a result to compare with. */
const maxRunsBack = 50;

/** Why a step came from the cache, or did not. */
@Injectable()
export class WhyService {
  constructor(
    @InjectRepository(RunRow) private readonly runs: Repository<RunRow>,
    @InjectRepository(StepRow) private readonly steps: Repository<StepRow>,
    @InjectRepository(LogLine) private readonly lines: Repository<LogLine>,
    private readonly reader: RunReader,
  ) {}

  async why({ run, step }: StepRef): Promise<StepWhy> {
    const row = await this.steps.findOneBy({ run, name: step });
    if (!row) throw await lookForStep(this.steps, run, step);
    const answer = {
      run,
      step,
      status: row.status,
      ...(await this.#said(run, step)),
      ...(row.cacheKey === null ? {} : { key: row.cacheKey }),
    };
    const earlier = answer.cache === 'hit' ? undefined : await this.#earlier(run, step);
    if (!earlier) return answer;
    const [now, before] = [await this.#basis(run, step), await this.#basis(earlier, step)];
    return now && before
      ? { ...answer, comparedWith: earlier, differences: differences(now, before) }
      : answer;
  }

  /** In the words of the run's log. */
  async #said(run: string, step: string): Promise<Pick<StepWhy, 'cache' | 'reason'>> {
    const line = await this.lines.findOne({
      where: { run, step, message: Like('cache %'), source: IsNull() },
      order: { id: 'DESC' },
    });
    const [, cache, reason] = /^cache (hit|miss|not asked): (.*)$/s.exec(line?.message ?? '') ?? [];
    return cache === undefined || reason === undefined
      ? {
          cache: 'unknown',
          reason: 'nothing is said of it in the log: it is not ready yet, or was not needed',
        }
      : { cache: cache as StepWhy['cache'], reason };
  }

  /** The latest run before this one in which the same step of the same pipeline had a result. */
  async #earlier(run: string, step: string): Promise<string | undefined> {
    const own = await this.runs.findOneBy({ id: run });
    if (!own) return undefined;
    const before = await this.runs.find({
      select: { id: true },
      where: { pipeline: own.pipeline, id: LessThan(run) },
      order: { id: 'DESC' },
      take: maxRunsBack,
    });
    if (before.length === 0) return undefined;
    const found = await this.steps.findOne({
      select: { run: true, position: true },
      where: {
        run: In(before.map(({ id }) => id)),
        name: step,
        status: In(['succeeded', 'cached']),
      },
      order: { run: 'DESC' },
    });
    return found?.run;
  }

  async #basis(run: string, step: string): Promise<Basis | undefined> {
    const hot = await this.reader.load(run);
    const position = hot && positionOf(hot.state.plan, step);
    const planned = position === undefined ? undefined : hot?.state.plan.steps[position];
    if (!hot || position === undefined || !planned) return undefined;
    const bound = boundOrNothing(hot.state, position);
    return bound && { version: planned.version, ...bound };
  }
}
