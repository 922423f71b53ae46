import { DomainError, type PipelineDefinition } from '@millrace/contracts';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Catalogue } from '../catalogue/catalogue.service.js';
import { pipelinesIn } from '../definition/call-tree.js';
import { planOf, type Plan } from '../definition/plan.js';
import type { FindComponent } from '../definition/ports.js';
import { PipelineVersion } from './pipeline.entity.js';

const maxPlans = 200;

const sorted = <T>(versions: { readonly [name: string]: T }): [string, T][] =>
  Object.entries(versions).sort(([a], [b]) => (a < b ? -1 : 1));

const keyOf = ({ pipeline, version, components, pipelines }: PlanRequest): string =>
  JSON.stringify([pipeline, version, sorted(components), sorted(pipelines)]);

export interface PlanRequest {
  pipeline: string;
  version: number;
  /** Component → version. */
  components: { readonly [name: string]: string };
  /** Pipeline → version, of those that its steps run, and theirs. */
  pipelines: { readonly [name: string]: number };
}

/** A version of a pipeline on versions of its components. */
export interface LaidOut {
  definition: PipelineDefinition;
  plan: Plan;
  find: FindComponent;
}

/** Plans by what they follow from: a pipeline's version and the versions of its components. Runs share them. */
@Injectable()
export class PlanLibrary {
  readonly #plans = new Map<string, LaidOut>();

  constructor(
    @InjectRepository(PipelineVersion) private readonly versions: Repository<PipelineVersion>,
    private readonly catalogue: Catalogue,
  ) {}

  async get(request: PlanRequest): Promise<Plan> {
    return (await this.layOut(request)).plan;
  }

  async layOut(request: PlanRequest): Promise<LaidOut> {
    const key = keyOf(request);
    const laidOut = this.#plans.get(key) ?? (await this.#make(request));
    this.#plans.delete(key);
    this.#plans.set(key, laidOut);
    const [oldest] = this.#plans.keys();
    if (this.#plans.size > maxPlans && oldest !== undefined) this.#plans.delete(oldest);
    return laidOut;
  }

  async #make({ pipeline, version, components, pipelines }: PlanRequest): Promise<LaidOut> {
    const row = await this.versions.findOneBy({ name: pipeline, version });
    if (!row)
      throw new DomainError(
        'internal',
        `version ${version} of pipeline '${pipeline}' is not there any more`,
        {
          retryable: false,
        },
      );
    const descriptors = new Map(
      await Promise.all(
        Object.entries(components).map(
          async ([name, used]) => [name, await this.catalogue.version(name, used)] as const,
        ),
      ),
    );
    const { definition } = row;
    const find: FindComponent = (name) => descriptors.get(name);
    const versions = pipelinesIn(definition).length === 0 ? {} : pipelines;
    const others = await this.#definitions(versions);
    return { definition, plan: planOf(definition, find, (name) => others.get(name)), find };
  }

  async #definitions(versions: PlanRequest['pipelines']): Promise<ReadonlyMap<string, PipelineDefinition>> {
    const wanted = Object.entries(versions).map(([name, version]) => ({ name, version }));
    const rows = wanted.length === 0 ? [] : await this.versions.findBy(wanted);
    return new Map(rows.map(({ name, definition }) => [name, definition]));
  }
}
