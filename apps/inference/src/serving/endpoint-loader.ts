import { DomainError, type Target } from '@millrace/contracts';
import { LOGGER, type Logger } from '@millrace/observability';
import { Inject, Injectable } from '@nestjs/common';
import { InferenceEnv } from '../config/inference.env.js';
import type { DesiredEndpoint } from '../desired/desired-state.js';
import { GraphLoader } from '../graphs/graph-loader.js';
import { isGraph } from '../graphs/graph-manifest.js';
import { LoadedGraph } from '../graphs/loaded-graph.js';
import { nodeName } from '../graphs/node-name.js';
import type { LoadedModel } from '../models/loaded-model.js';
import { ModelPool } from '../models/model-pool.js';
import { listNames } from '../protocol/list-names.js';
import type { RequestLimits } from '../protocol/request-limits.js';
import type { ModelStatistics } from '../statistics/model-statistics.js';
import { StatisticsRegistry } from '../statistics/statistics-registry.js';
import { AssignmentPublisher } from '../windows/assignment-publisher.js';
import { WindowPublisher } from '../windows/window-publisher.js';
import type { WindowRecorder } from '../windows/window-recorder.js';
import { ServedEndpoint, type ServedTarget } from './served-endpoint.js';

/** Brings all models of a revision into memory, or none. */
@Injectable()
export class EndpointLoader {
  constructor(
    private readonly models: ModelPool,
    private readonly graphs: GraphLoader,
    private readonly windows: WindowPublisher,
    private readonly assignments: AssignmentPublisher,
    private readonly statistics: StatisticsRegistry,
    private readonly env: InferenceEnv,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** All that it needs is in memory. */
  isLoaded({ targets, unloaded, execution }: DesiredEndpoint): boolean {
    return (
      unloaded === true ||
      targets
        .filter(isWanted)
        .every(({ artifact }) =>
          isGraph(artifact) ? this.graphs.has(artifact, execution) : this.models.has(artifact, execution),
        )
    );
  }

  async load(desired: DesiredEndpoint): Promise<ServedEndpoint> {
    const { endpoint, revision, targets, routing, unloaded } = desired;
    // Known, and in nobody's memory: it answers that it is unloaded.
    if (unloaded) return new ServedEndpoint(desired, [], this.limits);
    const startedAt = performance.now();
    const loaded: ServedTarget[] = [];
    try {
      for (const target of targets.filter(isWanted)) loaded.push(await this.loadTarget(desired, target));
      if (!loaded.some(({ weight }) => weight > 0))
        throw new DomainError('data_invalid', 'no target has any weight');
      checkKeyInput(desired, loaded);
    } catch (err) {
      await Promise.all(loaded.map((target) => target.release()));
      this.logger.warn({ err, endpoint, revision }, 'could not be loaded');
      throw err;
    }
    const versions = loaded.map(({ target }) => `${target.model} ${target.version}`);
    this.logger.info(
      { endpoint, revision, versions, ms: Math.round(performance.now() - startedAt) },
      'loaded',
    );
    const assignments = routing?.recordAssignments
      ? this.assignments.open({ endpoint, revision })
      : undefined;
    return new ServedEndpoint(desired, loaded, this.limits, assignments);
  }

  private get limits(): RequestLimits {
    return { maxBodyBytes: this.env.MAX_BODY_BYTES, maxRows: this.env.MAX_ROWS };
  }

  /** Answers what it accepted first. */
  async unload(served: ServedEndpoint): Promise<void> {
    served.retire();
    await Promise.all(served.targets.map((target) => target.release()));
    if (served.assignments) this.assignments.close(served.assignments);
  }

  private async loadTarget(
    { endpoint, revision, execution }: DesiredEndpoint,
    target: Target,
  ): Promise<ServedTarget> {
    const { version, role = 'live' } = target;
    const nodes = new Map<string, ModelStatistics>();
    const observe = (node: string): ModelStatistics => {
      const statistics = this.statistics.of(nodeName(endpoint, node), String(version));
      nodes.set(node, statistics);
      return statistics;
    };
    const model = isGraph(target.artifact)
      ? await this.graphs.load(target.artifact, execution, observe)
      : await this.models.acquire(target.artifact, execution);
    const source = { endpoint, revision, model: target.model, version, ...(role === 'live' ? {} : { role }) };
    const recorder = this.windows.open(source, model.description);
    const release = (): Promise<void> => this.unloadTarget(model, recorder);
    const statistics = this.statistics.of(endpoint, String(target.version));
    return {
      ...{ target, weight: target.weight, model, recorder, statistics, release },
      ...(nodes.size > 0 ? { nodes } : {}),
    };
  }

  /** Never rejects: nobody could do anything about it. */
  private async unloadTarget(model: LoadedModel | LoadedGraph, recorder: WindowRecorder): Promise<void> {
    try {
      await (model instanceof LoadedGraph ? model.close() : this.models.release(model));
    } catch (err) {
      this.logger.error({ err, digest: model.artifact.digest }, 'a model could not be unloaded');
    }
    this.windows.close(recorder);
  }
}

/** Whatever its role; one without a role and a weight is not to be loaded. */
const isWanted = ({ role = 'live', weight }: Target): boolean => weight > 0 || role !== 'live';

/** Requests would never have a key, and nobody would notice. */
const checkKeyInput = ({ routing }: DesiredEndpoint, loaded: readonly ServedTarget[]): void => {
  const { keyInput } = routing ?? {};
  if (keyInput === undefined) return;
  const without = loaded.find(({ model }) => !model.interface.inputs.has(keyInput));
  if (!without) return;
  const { model, version } = without.target;
  throw new DomainError(
    'data_invalid',
    `routing.keyInput: ${model} version ${version} has no input '${keyInput}'; it has ${listNames(without.model.interface.inputs)}`,
  );
};
