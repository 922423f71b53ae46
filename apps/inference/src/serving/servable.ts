import type { DomainError } from '@millrace/contracts';
import type { QueuedRun } from '../execution/queued-run.js';
import type { Explanation } from '../explain/explanation.js';
import type { ModelInterface } from '../protocol/model-interface.js';
import type { Feeds } from '../protocol/tensor.js';
import type { SketchedModel } from '../windows/sketched-columns.js';

/** What can stand behind an endpoint: one model in memory, or whatever answers like one. */
export interface Servable {
  /** What requests are read against. */
  readonly interface: ModelInterface;
  /** What its numbers stand for. */
  readonly description: SketchedModel;
  /** Why a request would be refused now, known before it is read. */
  readonly refusal?: DomainError | undefined;
  /** Why nothing is answered for now, and perhaps for long. */
  readonly outage?: DomainError | undefined;
  /** @throws DomainError `overloaded`, `deadline_exceeded`, `unavailable`, `internal` */
  run(request: QueuedRun): Promise<Feeds>;
  /** Of what can be explained. @throws DomainError `unsupported` with the reason, `deadline_exceeded` */
  explain?(request: QueuedRun): Promise<Explanation>;
}
