import type { StartRun } from '@millrace/contracts';
import { currentTraceparent } from '@millrace/observability';
import { Injectable } from '@nestjs/common';
import { Catalogue } from '../catalogue/catalogue.service.js';
import { Discovery } from '../catalogue/discovery.service.js';
import { componentsIn } from '../definition/compile.js';
import { defaultPriority } from '../definition/plan.js';
import type { FindComponent } from '../definition/ports.js';
import { PipelineService } from '../pipelines/pipeline.service.js';
import { PlanLibrary } from '../pipelines/plan-library.js';
import { newRun } from './decide/state.js';
import type { HotRun } from './drive/hot-run.js';
import { planRun } from './plan-run.js';
import { newRunId } from './run-id.js';

/** Makes runs of the latest versions of pipelines, and of components as they are now. */
@Injectable()
export class RunStarter {
  constructor(
    private readonly pipelines: PipelineService,
    private readonly plans: PlanLibrary,
    private readonly catalogue: Catalogue,
    private readonly discovery: Discovery,
  ) {}

  /** A run that nobody knows of yet. */
  async prepare({
    pipeline,
    params = {},
    idempotencyKey,
    cache = true,
    priority,
  }: StartRun): Promise<HotRun> {
    const { definition, version } = await this.pipelines.latest(pipeline);
    const reachable = await this.pipelines.reachable(definition);
    await this.discovery.meet([definition, ...reachable.definitions].flatMap(componentsIn));
    const find: FindComponent = (name) => this.catalogue.sightings.find(name);
    const planned = planRun(definition, params, find, reachable);
    const { components, pipelines } = planned;
    const plan = await this.plans.get({ pipeline, version, components, pipelines });
    const traceparent = currentTraceparent();
    return {
      state: newRun({
        run: newRunId(),
        plan,
        params: planned.params,
        useCache: cache,
        priority: priority ?? plan.priority ?? defaultPriority,
        ...(traceparent === undefined ? {} : { traceparent }),
      }),
      record: {
        pipelineVersion: version,
        components,
        pipelines,
        createdAt: Date.now(),
        ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      },
      revision: 0,
    };
  }
}
