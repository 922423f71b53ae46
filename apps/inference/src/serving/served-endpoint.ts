import { errorCodes, headerNames, toDomainError, type Target } from '@millrace/contracts';
import type { RawHandler, RawResult, RequestContext } from '@millrace/messaging';
import type { DesiredEndpoint } from '../desired/desired-state.js';
import type { QueuedRun } from '../execution/queued-run.js';
import { explain } from '../explain/explain.js';
import { checkTensors } from '../graphs/check-tensors.js';
import { noParameters } from '../protocol/call-parameters.js';
import type { Codec } from '../protocol/codec.js';
import { openInferenceCodec } from '../protocol/open-inference.codec.js';
import type { RequestLimits } from '../protocol/request-limits.js';
import { rowsCodec } from '../protocol/rows.codec.js';
import type { InferCall } from '../protocol/infer-call.js';
import type { Feeds } from '../protocol/tensor.js';
import { Router } from '../routing/router.js';
import { Shadow } from '../routing/shadow.js';
import type { ModelStatistics } from '../statistics/model-statistics.js';
import type { AssignmentRecorder } from '../windows/assignment-recorder.js';
import type { WindowRecorder } from '../windows/window-recorder.js';
import type { Servable } from './servable.js';
import { UnknownModel, UnloadedModel } from './unknown-model.js';

/** One version behind an endpoint. */
export interface ServedTarget {
  target: Target;
  weight: number;
  model: Servable;
  recorder: WindowRecorder;
  statistics: ModelStatistics;
  /** Of a graph: each of its models and endpoints. */
  nodes?: ReadonlyMap<string, ModelStatistics>;
  /** Answers what it accepted, then lets go of the model. */
  release(): Promise<void>;
}

/** One revision of an endpoint: bytes in, bytes out. */
export class ServedEndpoint {
  readonly name: string;
  readonly revision: number;
  /** Undefined where nothing is to answer: it is unloaded. */
  private readonly router: Router<ServedTarget> | undefined;
  /** Undefined where there are none: most endpoints pay nothing for them. */
  private readonly shadows: readonly { shadow: Shadow; model: Servable }[] | undefined;

  /** @param targets all that are loaded, whatever their role */
  constructor(
    readonly desired: DesiredEndpoint,
    readonly targets: readonly ServedTarget[],
    private readonly limits: RequestLimits,
    /** Where an experiment is run. */
    readonly assignments?: AssignmentRecorder,
  ) {
    this.name = desired.endpoint;
    this.revision = desired.revision;
    const [first, ...rest] = targets.filter(({ target }) => isLive(target));
    if (first)
      this.router = new Router([first, ...rest], desired.routing, (key, { target }) =>
        assignments?.record(key, target),
      );
    const shadows = targets.filter(({ target }) => target.role === 'shadow');
    if (shadows.length > 0)
      this.shadows = shadows.map((target) => ({
        shadow: new Shadow(target, desired.routing?.shadow),
        model: target.model,
      }));
  }

  /** Another revision has its place: nothing is begun any more, what was accepted is answered. */
  retire(): void {
    this.shadows?.forEach(({ shadow }) => shadow.close());
  }

  readonly infer: RawHandler = (body, context) => this.answer(openInferenceCodec, body, context);

  readonly rows: RawHandler = (body, context) => this.answer(rowsCodec, body, context);

  get unloaded(): boolean {
    return this.router === undefined;
  }

  /**
   * The one that answers most; or any that is loaded, also one that answers only those who ask for its version.
   * @throws UnknownModel when there is no such version behind this endpoint; UnloadedModel
   */
  find(version: string | undefined): ServedTarget {
    if (!this.router) throw new UnloadedModel(this.name);
    if (version === undefined) return this.router.main;
    const found = this.targets.find(({ target }) => String(target.version) === version);
    if (!found) throw new UnknownModel(this.name, version);
    return found;
  }

  /**
   * A request of a graph on this replica: tensors in, tensors out.
   * @throws DomainError `data_invalid` where it serves other inputs by now
   */
  async predict(request: QueuedRun): Promise<Feeds> {
    if (!this.router) throw new UnloadedModel(this.name);
    const startedAt = performance.now();
    const { feeds, rows } = request;
    const { model, recorder, statistics } =
      this.router.only ?? this.router.late({ parameters: noParameters, feeds });
    try {
      checkTensors(model.interface.signature.inputs, feeds);
      const outputs = await model.run({ ...request, observer: statistics });
      const now = performance.now();
      statistics.succeeded(rows, startedAt, now);
      recorder.succeeded(feeds, outputs, rows, startedAt, now);
      return outputs;
    } catch (error) {
      statistics.failed(startedAt, performance.now());
      recorder.failed(isFault(error));
      throw error;
    }
  }

  /** A shadow with other inputs reads the request itself, once it has its turn. */
  private mirror(
    answered: Servable,
    call: InferCall,
    outputs: Feeds,
    ...[codec, body, context]: [Codec, Uint8Array, RequestContext]
  ): void {
    for (const { shadow, model } of this.shadows!)
      shadow.offer(outputs, call.rows, () =>
        sameInputs(model, answered) ? call : codec.read(body, context, model.interface, this.limits),
      );
  }

  /** Undefined where what the request says decides. */
  private route(context: RequestContext): ServedTarget | undefined {
    const version = context.get(headerNames.modelVersion);
    if (version !== undefined || !this.router) return this.find(version);
    return this.router.only ?? this.router.early(context);
  }

  private async answer(codec: Codec, body: Uint8Array, context: RequestContext): Promise<RawResult> {
    const startedAt = performance.now();
    const routed = this.route(context);
    let served = routed ?? this.router!.main;
    try {
      const { refusal } = served.model;
      if (routed && refusal) throw refusal;
      let call = codec.read(body, context, served.model.interface, this.limits);
      if (!routed) {
        const { model: readFor } = served;
        served = this.router!.late(call);
        // Read anew for a model of another signature.
        if (served.model.interface.key !== readFor.interface.key)
          call = codec.read(body, context, served.model.interface, this.limits);
      }
      const { target, model, recorder, statistics } = served;
      const { feeds, rows, parameters } = call;
      const expiresAt = earlier(context.expiresAt, startedAt, parameters.timeoutUs);
      const run = {
        feeds,
        rows,
        expiresAt,
        priority: parameters.priority,
        observer: statistics,
        parameters: parameters.all,
        headers: context,
      };
      if (parameters.explain) call = { ...call, explanation: await explain(model, run) };
      const outputs = await model.run(run);
      const { classes } = model.description;
      const answerer = { name: this.name, version: String(target.version), classes };
      const result = codec.write(answerer, call, outputs, model.interface);
      const now = performance.now();
      statistics.succeeded(rows, startedAt, now);
      recorder.succeeded(feeds, outputs, rows, startedAt, now);
      if (this.shadows) this.mirror(model, call, outputs, codec, body, context);
      return this.router?.only ? result : withVersion(result, answerer.version);
    } catch (error) {
      served.statistics.failed(startedAt, performance.now());
      served.recorder.failed(isFault(error));
      throw error;
    }
  }
}

const sameInputs = (a: Servable, b: Servable): boolean => a.interface.inputsKey === b.interface.inputsKey;

/** Only what has a weight can answer. */
const isLive = ({ role = 'live', weight }: Target): boolean => role === 'live' && weight > 0;

/** Where there was a choice, its outcome is told. */
const withVersion = ({ data, headers }: RawResult, version: string): RawResult => ({
  data,
  headers: { ...headers, [headerNames.modelVersion]: version },
});

/** Not the caller's own mistake. */
const isFault = (error: unknown): boolean => errorCodes[toDomainError(error).code].http >= 500;

/** The end of a request's time, of its header or its parameter `timeout` (0: none). */
const earlier = (expiresAt: number | undefined, startedAt: number, timeoutUs: number): number | undefined => {
  if (timeoutUs === 0) return expiresAt;
  const end = startedAt + timeoutUs / 1_000;
  return expiresAt === undefined ? end : Math.min(expiresAt, end);
};
