import { DomainError } from '@millrace/contracts';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Catalogue } from '../catalogue/catalogue.service.js';
import { planOf, type Plan } from '../definition/plan.js';
import { PipelineVersion } from './pipeline.entity.js';

const maxPlans = 200;

export interface PlanRequest {
  pipeline: string;
  version: number;
  /** Component → version. */
  components: { readonly [name: string]: string };
}

/** Plans by what they follow from: a pipeline's version and the versions of its components. Runs share them. */
@Injectable()
export class PlanLibrary {
  readonly #plans = new Map<string, Plan>();

  constructor(
    @InjectRepository(PipelineVersion) private readonly versions: Repository<PipelineVersion>,
    private readonly catalogue: Catalogue,
  ) {}

  async get(request: PlanRequest): Promise<Plan> {
    const key = JSON.stringify([
      request.pipeline,
      request.version,
      Object.entries(request.components).sort(([a], [b]) => (a < b ? -1 : 1)),
    ]);
    const plan = this.#plans.get(key) ?? (await this.#make(request));
    this.#plans.delete(key);
    this.#plans.set(key, plan);
    const [oldest] = this.#plans.keys();
    if (this.#plans.size > maxPlans && oldest !== undefined) this.#plans.delete(oldest);
    return plan;
  }

  async #make({ pipeline, version, components }: PlanRequest): Promise<Plan> {
    const row = await this.versions.findOneBy({ name: pipeline, version });
    if (!row)
      throw new DomainError('internal', `version ${version} of pipeline '${pipeline}' is not there any more`);
    const descriptors = new Map(
      await Promise.all(
        Object.entries(components).map(
          async ([name, used]) => [name, await this.catalogue.version(name, used)] as const,
        ),
      ),
    );
    return planOf(row.definition, (name) => descriptors.get(name));
  }
}
