import { headerNames, type Target } from '@millrace/contracts';
import type { RawHandler, RawResult, RequestContext } from '@millrace/messaging';
import type { LoadedModel } from '../models/loaded-model.js';
import type { InferCall } from '../protocol/parse-infer-request.js';
import { parseInferRequest } from '../protocol/parse-infer-request.js';
import { parseRowsRequest } from '../protocol/parse-rows-request.js';
import type { RequestLimits } from '../protocol/request-limits.js';
import type { Feeds } from '../protocol/tensor.js';
import { writeInferResponse } from '../protocol/write-infer-response.js';
import { writeRowsResponse } from '../protocol/write-rows-response.js';
import type { WindowRecorder } from '../windows/window-recorder.js';
import { chooseByWeight } from './choose-by-weight.js';
import { UnknownModel } from './unknown-model.js';

/** One model behind an endpoint. */
export interface ServedTarget {
  target: Target;
  weight: number;
  model: LoadedModel;
  recorder: WindowRecorder;
}

type Parse = (body: Uint8Array, model: LoadedModel['interface'], limits: RequestLimits) => InferCall;
type Write = (served: ServedTarget, call: InferCall, outputs: Feeds) => Uint8Array;

/** One revision of an endpoint: bytes in, bytes out. */
export class ServedEndpoint {
  constructor(
    readonly name: string,
    readonly revision: number,
    readonly targets: readonly ServedTarget[],
    private readonly limits: RequestLimits,
  ) {}

  /** Open Inference Protocol v2, JSON. */
  readonly infer: RawHandler = (body, context) =>
    this.answer(body, context, parseInferRequest, this.writeInfer);

  /** Plain records. */
  readonly rows: RawHandler = (body, context) => this.answer(body, context, parseRowsRequest, this.writeRows);

  /** @throws UnknownModel when there is no such version behind this endpoint */
  find(version: string | undefined): ServedTarget {
    if (version === undefined) {
      const [only] = this.targets;
      return this.targets.length === 1 ? only! : chooseByWeight(this.targets, Math.random());
    }
    const found = this.targets.find(({ target }) => String(target.version) === version);
    if (!found) throw new UnknownModel(this.name, version);
    return found;
  }

  private async answer(
    body: Uint8Array,
    context: RequestContext,
    parse: Parse,
    write: Write,
  ): Promise<RawResult> {
    const startedAt = performance.now();
    const served = this.find(context.get(headerNames.modelVersion));
    const { model, recorder } = served;
    try {
      const call = parse(body, model.interface, this.limits);
      const outputs = await model.queue.run({
        feeds: call.feeds,
        rows: call.rows,
        deadline: context.deadline,
      });
      const data = write(served, call, outputs);
      recorder.succeeded(call.feeds, outputs, call.rows, startedAt, performance.now());
      return { data };
    } catch (error) {
      recorder.failed();
      throw error;
    }
  }

  private readonly writeInfer: Write = ({ target, model }, { id, outputs: names }, outputs) =>
    writeInferResponse(
      { name: this.name, version: String(target.version), id },
      outputs,
      names ?? model.interface.outputs.keys(),
    );

  private readonly writeRows: Write = ({ target, model }, { id, rows }, outputs) =>
    writeRowsResponse(
      { name: this.name, version: String(target.version), id },
      { outputs, rows, classes: model.manifest.classes },
    );
}
