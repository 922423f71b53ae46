import { DomainError, type PipelineDefinition } from '@millrace/contracts';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Catalogue } from '../catalogue/catalogue.service.js';
import { planOf, type Plan } from '../definition/plan.js';
import type { FindComponent } from '../definition/ports.js';
import { PipelineVersion } from './pipeline.entity.js';

const maxPlans = 200;

export interface PlanRequest {
  pipeline: string;
  version: number;
  /** Component → version. */
  components: { readonly [name: string]: string };
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
    const key = JSON.stringify([
      request.pipeline,
      request.version,
      Object.entries(request.components).sort(([a], [b]) => (a < b ? -1 : 1)),
    ]);
    const laidOut = this.#plans.get(key) ?? (await this.#make(request));
    this.#plans.delete(key);
    this.#plans.set(key, laidOut);
    const [oldest] = this.#plans.keys();
    if (this.#plans.size > maxPlans && oldest !== undefined) this.#plans.delete(oldest);
    return laidOut;
  }

  async #make({ pipeline, version, components }: PlanRequest): Promise<LaidOut> {
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
    return { definition, plan: planOf(definition, find), find };
  }
}
