import { DomainError, InvalidRequest } from '@millrace/contracts';
import {
  loadHosted,
  ModelHost,
  openExplainer,
  type Explainer,
  type RunnableModel,
  type Tensor,
} from '@millrace/onnx';
import type { ExecutionSettings } from '../execution/execution-settings.js';
import type { QueuedRun } from '../execution/queued-run.js';
import type { Explanation } from './explanation.js';
import { pausesUntil } from './pauses.js';

const limits = {
  /** Steps of arithmetic of one request, some nanoseconds each. */
  steps: 5e9,
  /** Numbers in one answer. */
  values: 5e6,
  /** Requests that are explained or wait for it. */
  waiting: 16,
} as const;

/** Explains one model's predictions, one request after the other. Made ready by the first request: few models are asked. */
export class ModelExplainer {
  private opened: Promise<Explainer> | undefined;
  private host: ModelHost | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  constructor(
    private readonly bytes: () => Promise<Uint8Array>,
    private readonly settings: ExecutionSettings,
  ) {}

  /** @throws DomainError `unsupported`, `overloaded`, `deadline_exceeded`; InvalidRequest when it would take too long */
  explain(request: QueuedRun): Promise<Explanation> {
    if (this.waiting >= limits.waiting)
      return Promise.reject(
        new DomainError('overloaded', `${limits.waiting} requests wait to be explained by this model`),
      );
    this.waiting += 1;
    const result = this.last.then(() => this.next(request)).finally(() => (this.waiting -= 1));
    this.last = result.catch(() => {});
    return result;
  }

  /** What it holds is let go, once what it accepted is answered; the next request makes it ready again. */
  close(): void {
    this.last = this.last.then(() => this.letGo());
  }

  private letGo(): void {
    this.opened = undefined;
    this.host?.end();
    this.host = undefined;
  }

  private async next({ feeds, rows, expiresAt = Infinity }: QueuedRun): Promise<Explanation> {
    const explainer = await this.ready();
    const { columns, scores, cost } = explainer;
    const most = Math.floor(Math.min(limits.steps / cost, limits.values / (scores * (columns.length + 1))));
    if (rows > most) {
      const message = `asks about ${rows} rows, more than the ${most} of this model that can be explained at a time`;
      throw new InvalidRequest([{ field: 'parameters.explain', message }]);
    }
    const { timeoutMs } = this.settings;
    const pause = pausesUntil(Math.min(expiresAt, performance.now() + timeoutMs));
    return {
      columns,
      scores,
      rows,
      values: await explainer.explain(feeds as Record<string, Tensor>, rows, pause),
    };
  }

  private async ready(): Promise<Explainer> {
    if (this.host?.ended) this.letGo();
    this.opened ??= this.bytes().then((file) => openExplainer(file, (part) => this.load(part)));
    const { opened } = this;
    try {
      return await opened;
    } catch (error) {
      // A file that cannot be explained stays so; one that could not be read may be there the next time.
      if ((error as Partial<DomainError>).code !== 'unsupported' && this.opened === opened) this.letGo();
      throw error;
    }
  }

  /** In a process of its own: nobody has measured what it costs. */
  private load(part: Uint8Array): Promise<RunnableModel> {
    const { memoryMb, loadTimeoutMs, timeoutMs } = this.settings;
    this.host?.end();
    this.host = new ModelHost({ kind: 'process', memoryMb });
    return loadHosted(part, this.host, { loadTimeoutMs, runTimeoutMs: timeoutMs });
  }
}
