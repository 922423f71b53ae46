import {
  NotFound,
  type Lineage,
  type LineageDirection,
  type LineageQuery,
  type LineageStep,
  type RunLineageQuery,
} from '@millrace/contracts';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, MoreThan, Repository } from 'typeorm';
import { fitting } from '../search/fitting.js';
import { shorten } from '../search/shorten.js';
import { LineageArtifactRow, LineageStepRow } from './lineage.entity.js';
import { LineageWalk, type Reached } from './lineage-walk.js';

const defaultDepth = 20;
const chunk = 200;
/** Of one artifact: the same data may have gone into very many steps. */
const maxPerArtifact = 200;

/** Of a run, in one answer. */
const defaultLimit = 500;
const maxStepBytes = 600_000;
const maxArtifactBytes = 300_000;
/** Of one step: what it was given may be thousands of artifacts. */
const maxBytes = 100_000;

const viewOf = ({ at, parent, child, params, inputs, outputs, ...row }: LineageStepRow): LineageStep => ({
  ...row,
  params: shorten(params, maxBytes).values,
  inputs: shorten(inputs, maxBytes).values,
  outputs: shorten(outputs, maxBytes).values,
  ...(parent === null ? {} : { parent }),
  ...(child === null ? {} : { child }),
  at: new Date(at).toISOString(),
});

const byTime = (a: LineageStep, b: LineageStep): number =>
  a.at === b.at ? (a.run < b.run ? -1 : 1) : a.at < b.at ? -1 : 1;

/** Which step made what of what, followed from artifact to artifact. */
@Injectable()
export class LineageService {
  constructor(
    @InjectRepository(LineageStepRow) private readonly steps: Repository<LineageStepRow>,
    @InjectRepository(LineageArtifactRow) private readonly artifacts: Repository<LineageArtifactRow>,
  ) {}

  /** @throws NotFound when no step ever touched the artifact */
  async of({ digest, direction = 'both', depth = defaultDepth }: LineageQuery): Promise<Lineage> {
    const [known] = await this.artifacts.find({ where: { digest }, take: 1 });
    if (!known) throw new NotFound('artifact', digest);
    const walk = new LineageWalk(
      (digests, side) => this.#touching(digests, side),
      (reached, side) => this.#at(reached, side),
    );
    const directions: LineageDirection[] = direction === 'both' ? ['up', 'down'] : [direction];
    for (const one of directions) await walk.follow(digest, one === 'up' ? 'out' : 'in', depth);
    const steps = (await this.#stepsAt(walk.reached)).map(viewOf);
    return this.#graph(steps, walk.truncated, digest);
  }

  /** @throws NotFound when no step of the run touched an artifact, or there was no such run */
  async ofRun({ run, limit = defaultLimit, after }: RunLineageQuery): Promise<Lineage> {
    const found = await this.steps.find({
      where: { run, ...(after === undefined ? {} : { step: MoreThan(after) }) },
      order: { step: 'ASC' },
      take: limit + 1,
    });
    if (found.length === 0 && after === undefined)
      throw new NotFound('lineage of run', run, `no step of a run '${run}' has taken or made anything`);
    // As they are sent: what one page says to follow must not be left out of it.
    const views = fitting(found.slice(0, limit).map(viewOf), maxStepBytes);
    const last = views.at(-1);
    const isPart = views.length < found.length;
    const graph = await this.#graph(views, isPart || after !== undefined);
    return isPart && last ? { ...graph, next: last.step } : graph;
  }

  /** The steps with one of these artifacts at that side: who made it (`out`), or who took it (`in`). */
  async #touching(digests: readonly string[], direction: 'in' | 'out'): Promise<LineageArtifactRow[]> {
    const found = digests.map((digest) =>
      this.artifacts.find({
        where: { digest, direction },
        order: { run: 'ASC', step: 'ASC' },
        take: maxPerArtifact + 1,
      }),
    );
    return (await Promise.all(found)).flat();
  }

  /** The artifacts at that side of these steps. */
  async #at(steps: readonly Reached[], direction: 'in' | 'out'): Promise<LineageArtifactRow[]> {
    const found: LineageArtifactRow[] = [];
    for (let i = 0; i < steps.length; i += chunk)
      found.push(
        ...(await this.artifacts.findBy(
          steps.slice(i, i + chunk).map(({ run, step }) => ({ run, step, direction })),
        )),
      );
    return found;
  }

  async #stepsAt(reached: readonly Reached[]): Promise<LineageStepRow[]> {
    const steps: LineageStepRow[] = [];
    for (let i = 0; i < reached.length; i += chunk)
      steps.push(
        ...(await this.steps.findBy(reached.slice(i, i + chunk).map(({ run, step }) => ({ run, step })))),
      );
    return steps;
  }

  async #graph(steps: LineageStep[], truncated: boolean, digest?: string): Promise<Lineage> {
    const artifacts = new Map<string, string>();
    for (let i = 0; i < steps.length; i += chunk) {
      const keys = steps.slice(i, i + chunk).map(({ run, step }) => ({ run, step }));
      for (const row of await this.artifacts.findBy(keys)) artifacts.set(row.digest, row.type);
    }
    if (digest !== undefined && !artifacts.has(digest)) {
      const rows = await this.artifacts.find({ where: { digest: In([digest]) }, take: 1 });
      for (const row of rows) artifacts.set(row.digest, row.type);
    }
    const views = fitting(steps.toSorted(byTime), maxStepBytes);
    const known = fitting(
      [...artifacts].map(([one, type]) => ({ digest: one, type })),
      maxArtifactBytes,
    );
    return {
      artifacts: known,
      steps: views,
      truncated: truncated || views.length < steps.length || known.length < artifacts.size,
    };
  }
}
