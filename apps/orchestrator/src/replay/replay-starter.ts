import { ARTIFACT_STORE, type ArtifactStore } from '@millrace/artifacts';
import { DomainError, type JsonValue, type ReplayRun } from '@millrace/contracts';
import { currentTraceparent } from '@millrace/observability';
import { Inject, Injectable } from '@nestjs/common';
import { artifactsIn } from '../cache/artifacts-in.js';
import { Catalogue } from '../catalogue/catalogue.service.js';
import { Discovery } from '../catalogue/discovery.service.js';
import { componentsIn } from '../definition/compile.js';
import { defaultPriority } from '../definition/plan.js';
import { PipelineHistory } from '../pipelines/pipeline-history.service.js';
import { PipelineService } from '../pipelines/pipeline.service.js';
import { PlanLibrary } from '../pipelines/plan-library.js';
import { newRun, restore, type StepState } from '../runs/decide/state.js';
import type { HotRun } from '../runs/drive/hot-run.js';
import { planRun } from '../runs/plan-run.js';
import { newRunId } from '../runs/run-id.js';
import { keptSteps, type Earlier } from './kept-steps.js';

export interface Prepared {
  run: HotRun;
  /** Names of the steps whose results are taken over. */
  kept: string[];
}

const earlierOf = ({ state }: HotRun): Earlier =>
  new Map(
    state.plan.steps.map((planned, i) => [planned.name, { planned, state: state.steps[i] as StepState }]),
  );

/** Makes runs that repeat others: of the same version of the pipeline, on components as they are now. */
@Injectable()
export class ReplayStarter {
  constructor(
    private readonly pipelines: PipelineHistory,
    private readonly latest: PipelineService,
    private readonly plans: PlanLibrary,
    private readonly catalogue: Catalogue,
    private readonly discovery: Discovery,
    @Inject(ARTIFACT_STORE) private readonly artifacts: ArtifactStore,
  ) {}

  /** A run that nobody knows of yet. */
  async prepare(before: HotRun, request: ReplayRun): Promise<Prepared> {
    const { plan: old, params: given } = before.state;
    const version = request.pipelineVersion ?? before.record.pipelineVersion;
    const { definition } = await this.pipelines.get({ name: old.pipeline, version });
    // Parameters that another version of the pipeline no longer has are left behind; what is asked for now is not.
    const declared = Object.entries(given).filter(([name]) => Object.hasOwn(definition.params ?? {}, name));
    const params: { [name: string]: unknown } = { ...Object.fromEntries(declared), ...request.params };
    // Of the pipelines that its steps run, too, the versions are those of then, unless another one is asked for.
    const keptVersions = request.pipelineVersion === undefined ? before.record.pipelines : {};
    const reachable = await this.latest.reachable(definition, keptVersions);
    await this.discovery.meet([definition, ...reachable.definitions].flatMap(componentsIn));
    const planned = planRun(definition, params, (name) => this.catalogue.sightings.find(name), reachable);
    const { components, pipelines } = planned;
    const plan = await this.plans.get({ pipeline: old.pipeline, version, components, pipelines });
    const earlier = earlierOf(before);
    const positions = keptSteps(plan, earlier, request.from);
    const kept = plan.steps.flatMap(({ name }, position) => (positions.has(position) ? [name] : []));
    await this.#assertThere(kept, earlier);
    return {
      run: this.#runOf(request, { plan, version, ...planned }, (step, name) =>
        kept.includes(name) ? takenOver(earlier.get(name)?.state ?? step) : step,
      ),
      kept,
    };
  }

  #runOf(
    { cache = true, idempotencyKey }: ReplayRun,
    o: {
      plan: HotRun['state']['plan'];
      version: number;
      params: { [name: string]: JsonValue };
      components: { [name: string]: string };
      pipelines: { [name: string]: number };
    },
    stepOf: (step: StepState, name: string) => StepState,
  ): HotRun {
    const traceparent = currentTraceparent();
    const fresh = newRun({
      run: newRunId(),
      plan: o.plan,
      params: o.params,
      useCache: cache,
      priority: o.plan.priority ?? defaultPriority,
      ...(traceparent === undefined ? {} : { traceparent }),
    });
    const steps = fresh.steps.map((step, position) => stepOf(step, o.plan.steps[position]?.name ?? ''));
    return {
      state: restore({ ...fresh, steps }),
      record: {
        pipelineVersion: o.version,
        components: o.components,
        pipelines: o.pipelines,
        createdAt: Date.now(),
        ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      },
      revision: 0,
    };
  }

  /** Old inputs that are gone can't be used again. */
  async #assertThere(kept: readonly string[], earlier: Earlier): Promise<void> {
    for (const name of kept)
      for (const ref of artifactsIn(earlier.get(name)?.state.outputs ?? {}))
        if (!(await this.artifacts.has(ref.digest)))
          throw new DomainError(
            'conflict',
            `step '${name}' gave ${ref.type} ${ref.digest}, which is gone: run it again too, with 'from'`,
            { retryable: false, details: { step: name, digest: ref.digest } },
          );
  }
}

/** Its result, as if from the cache. */
const takenOver = ({ outputs, metrics, child }: StepState): StepState => ({
  status: 'cached',
  attempt: 0,
  token: 0,
  lapses: 0,
  finishedAt: Date.now(),
  ...(outputs ? { outputs } : {}),
  ...(metrics ? { metrics } : {}),
  ...(child === undefined ? {} : { child }),
});
