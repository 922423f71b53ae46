import { headerNames, type Target } from '@millrace/contracts';
import type { RawHandler, RawResult, RequestContext } from '@millrace/messaging';
import type { Codec } from '../protocol/codec.js';
import { openInferenceCodec } from '../protocol/open-inference.codec.js';
import type { RequestLimits } from '../protocol/request-limits.js';
import { rowsCodec } from '../protocol/rows.codec.js';
import { chooseByWeight } from '../routing/choose-by-weight.js';
import type { ModelStatistics } from '../statistics/model-statistics.js';
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
  /** Answers what it accepted, then lets go of the model. */
  release(): Promise<void>;
}

/** One revision of an endpoint: bytes in, bytes out. */
export class ServedEndpoint {
  constructor(
    readonly name: string,
    readonly revision: number,
    readonly targets: readonly ServedTarget[],
    private readonly limits: RequestLimits,
  ) {}

  readonly infer: RawHandler = (body, context) => this.answer(openInferenceCodec, body, context);

  readonly rows: RawHandler = (body, context) => this.answer(rowsCodec, body, context);

  get unloaded(): boolean {
    return this.targets.length === 0;
  }

  /** @throws UnknownModel when there is no such version behind this endpoint; UnloadedModel */
  find(version: string | undefined): ServedTarget {
    if (this.unloaded) throw new UnloadedModel(this.name);
    if (version === undefined) {
      const [only] = this.targets;
      return this.targets.length === 1 ? only! : chooseByWeight(this.targets, Math.random());
    }
    const found = this.targets.find(({ target }) => String(target.version) === version);
    if (!found) throw new UnknownModel(this.name, version);
    return found;
  }

  private async answer(codec: Codec, body: Uint8Array, context: RequestContext): Promise<RawResult> {
    const startedAt = performance.now();
    const { target, model, recorder, statistics } = this.find(context.get(headerNames.modelVersion));
    try {
      const call = codec.read(body, context, model.interface, this.limits);
      const { feeds, rows, parameters } = call;
      const expiresAt = earlier(context.expiresAt, startedAt, parameters.timeoutUs);
      const outputs = await model.run({
        feeds,
        rows,
        expiresAt,
        priority: parameters.priority,
        observer: statistics,
      });
      const { classes } = model.description;
      const answerer = { name: this.name, version: String(target.version), classes };
      const result = codec.write(answerer, call, outputs, model.interface);
      const now = performance.now();
      statistics.succeeded(rows, startedAt, now);
      recorder.succeeded(feeds, outputs, rows, startedAt, now);
      return result;
    } catch (error) {
      statistics.failed(startedAt, performance.now());
      recorder.failed();
      throw error;
    }
  }
}

/** The end of a request's time, of its header or its parameter `timeout` (0: none). */
const earlier = (expiresAt: number | undefined, startedAt: number, timeoutUs: number): number | undefined => {
  if (timeoutUs === 0) return expiresAt;
  const end = startedAt + timeoutUs / 1_000;
  return expiresAt === undefined ? end : Math.min(expiresAt, end);
};
