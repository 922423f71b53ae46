import { isDeepStrictEqual } from 'node:util';
import {
  InvalidRequest,
  NotFound,
  type PageRequest,
  type PipelineDefinition,
  type Pipelines,
  type PipelineView,
  type SubmitPipeline,
} from '@millrace/contracts';
import { Transactions } from '@millrace/persistence';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, In, MoreThan, Repository } from 'typeorm';
import { Catalogue } from '../catalogue/catalogue.service.js';
import { Discovery } from '../catalogue/discovery.service.js';
import { compile, componentsIn } from '../definition/compile.js';
import { parseYaml, type Source } from '@millrace/pipeline/definition';
import { ownProperty } from '../definition/own-property.js';
import { fitting } from '../search/fitting.js';
import { writeRows } from '../database/write-rows.js';
import { Pipeline, PipelineVersion } from './pipeline.entity.js';
import { reachablePipelines, type Reachable } from './reachable-pipelines.js';
import { Submissions } from './submissions.js';

const defaultLimit = 100;

const viewOf = ({ name, version, definition, createdAt }: PipelineVersion): PipelineView => ({
  name,
  version,
  definition,
  createdAt: new Date(createdAt).toISOString(),
});

const sourceOf = ({ yaml, definition }: SubmitPipeline): Source => {
  if (yaml !== undefined && definition !== undefined)
    throw new InvalidRequest([{ field: 'definition', message: 'is given beside yaml: give one of them' }]);
  return yaml === undefined ? { value: definition, problems: [], lineOf: () => undefined } : parseYaml(yaml);
};

/** Pipelines as submitted: checked, versioned, never changed. */
@Injectable()
export class PipelineService {
  constructor(
    @InjectRepository(Pipeline) private readonly pipelines: Repository<Pipeline>,
    @InjectRepository(PipelineVersion) private readonly versions: Repository<PipelineVersion>,
    private readonly transactions: Transactions,
    private readonly catalogue: Catalogue,
    private readonly discovery: Discovery,
    private readonly submissions: Submissions,
  ) {}

  async submit(request: SubmitPipeline): Promise<PipelineView> {
    const source = sourceOf(request);
    await this.discovery.meet(componentsIn(source.value));
    const { find } = await this.reachable(source.value);
    const definition = compile(source, (name) => this.catalogue.sightings.find(name), find);
    return viewOf(await this.transactions.run((em) => this.#keep(em, definition)));
  }

  /**
   * The stored pipelines that the steps of a definition run.
   * @param kept versions to be used of some; of all others it is the latest
   */
  reachable(definition: unknown, kept: { readonly [name: string]: number } = {}): Promise<Reachable> {
    return reachablePipelines(definition, async (names) => {
      const latest = await this.pipelines.findBy({ name: In([...names]) });
      const wanted = latest.map(({ name, version }) => ({
        name,
        version: ownProperty(kept, name) ?? version,
      }));
      return wanted.length === 0 ? [] : this.versions.findBy(wanted);
    });
  }

  async get(name: string): Promise<PipelineView> {
    return viewOf(await this.latest(name));
  }

  async latest(name: string): Promise<PipelineVersion> {
    const pipeline = await this.pipelines.findOneBy({ name });
    const version = pipeline && (await this.versions.findOneBy({ name, version: pipeline.version }));
    if (!version) throw new NotFound('pipeline', name);
    return version;
  }

  async list({ limit = defaultLimit, after = '' }: PageRequest): Promise<Pipelines> {
    const found = await this.pipelines.find({
      where: { name: MoreThan(after) },
      order: { name: 'ASC' },
      take: limit + 1,
    });
    const page = found.slice(0, limit);
    const versions =
      page.length === 0
        ? []
        : await this.versions.findBy(page.map(({ name, version }) => ({ name, version })));
    const items = fitting(versions.map(viewOf).sort((a, b) => (a.name < b.name ? -1 : 1)));
    const last = items.at(-1);
    return found.length > items.length && last ? { items, next: last.name } : { items };
  }

  /** The same again is no new version. */
  async #keep(em: EntityManager, definition: PipelineDefinition): Promise<PipelineVersion> {
    const { name } = definition;
    const known = await em.findOneBy(Pipeline, { name });
    const latest = known && (await em.findOneBy(PipelineVersion, { name, version: known.version }));
    if (latest && isDeepStrictEqual(latest.definition, definition)) return latest;
    const row = { name, version: (known?.version ?? 0) + 1, definition, createdAt: Date.now() };
    // Should two be submitted at once, the key of the version lets one of them fail.
    await writeRows(em, PipelineVersion, [row]);
    await writeRows(em, Pipeline, [{ name, version: row.version }], { replace: true });
    await this.submissions.tell(em, definition);
    return row;
  }
}
