import {
  NotFound,
  type Lineage,
  type LineageDirection,
  type LineageQuery,
  type LineageStep,
} from '@millrace/contracts';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Repository } from 'typeorm';
import { LineageArtifactRow, LineageStepRow } from './lineage.entity.js';
import { LineageWalk, type Reached } from './lineage-walk.js';

const defaultDepth = 20;
const chunk = 200;
/** Of one artifact: the same data may have gone into very many steps. */
const maxPerArtifact = 200;

const viewOf = ({ at, parent, child, ...row }: LineageStepRow): LineageStep => ({
  ...row,
  ...(parent === null ? {} : { parent }),
  ...(child === null ? {} : { child }),
  at: new Date(at).toISOString(),
});

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
    return this.#graph(walk.reached, walk.truncated, digest);
  }

  /** @throws NotFound when no step of the run touched an artifact, or there was no such run */
  async ofRun(run: string): Promise<Lineage> {
    const rows = await this.artifacts.find({ where: { run } });
    if (rows.length === 0) throw new NotFound('lineage of run', run);
    return this.#graph([...new Map(rows.map((row) => [row.step, row])).values()], false);
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

  async #graph(reached: readonly Reached[], truncated: boolean, digest?: string): Promise<Lineage> {
    const steps: LineageStepRow[] = [];
    const artifacts = new Map<string, string>();
    for (let i = 0; i < reached.length; i += chunk) {
      const keys = reached.slice(i, i + chunk).map(({ run, step }) => ({ run, step }));
      steps.push(...(await this.steps.findBy(keys)));
      for (const row of await this.artifacts.findBy(keys)) artifacts.set(row.digest, row.type);
    }
    if (digest !== undefined && !artifacts.has(digest)) {
      const rows = await this.artifacts.find({ where: { digest: In([digest]) }, take: 1 });
      for (const row of rows) artifacts.set(row.digest, row.type);
    }
    steps.sort((a, b) => a.at - b.at || (a.run < b.run ? -1 : 1));
    return {
      artifacts: [...artifacts].map(([one, type]) => ({ digest: one, type })),
      steps: steps.map(viewOf),
      truncated,
    };
  }
}
