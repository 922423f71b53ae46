import { toDomainError } from '@millrace/contracts';
import type { DesiredEndpoint, DesiredState } from '../desired/desired-state.js';
import { isFinal, nextAction, retryDelayMs, unsettled, type Attempt, type Attempts } from './plan.js';

/** What the reconciler drives: it decides when, these know how. */
export interface ServingHost<Loaded> {
  /** Everything that can fail happens here, while the old revision goes on serving. */
  load(desired: DesiredEndpoint): Promise<Loaded>;
  /** Puts it in the place of the old revision, which finishes what it accepted. */
  swap(endpoint: string, loaded: Loaded): void;
  /** It was loaded, and is not wanted any more. */
  discard(loaded: Loaded): Promise<void>;
  remove(endpoint: string): Promise<void>;
  /** Something that leaves nothing to try again, such as a removal that failed. */
  failed(error: unknown): void;
  /** An attempt that deployment should hear of; undefined when the endpoint is gone. */
  report(endpoint: string, attempt: Attempt | undefined): void;
}

/**
 * Makes what is served what is desired: one endpoint at a time, always towards the newest desired state. A revision that
 * can't be loaded leaves the one before it in its place.
 */
export class Reconciler<Loaded> {
  private desired: DesiredState | undefined;
  private readonly made = new Map<string, Attempt>();
  /** The desired state that was looked at last. */
  private seen: DesiredState | undefined;
  private working: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(private readonly host: ServingHost<Loaded>) {}

  /** Undefined before the first desired state is known. */
  get wanted(): DesiredState | undefined {
    return this.desired;
  }

  get attempts(): Attempts {
    return this.made;
  }

  /** What readiness waits for; undefined = not even the desired state is known. */
  get unsettled(): string[] | undefined {
    return this.desired && unsettled(this.desired, this.made);
  }

  want(desired: DesiredState): void {
    this.desired = desired;
    this.wake();
  }

  /** Resolves when nothing is under way: all is done, or waits for another try. */
  async idle(): Promise<void> {
    while (this.working) await this.working;
  }

  /** Resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.working;
  }

  private wake(): void {
    if (this.stopped || this.working) return;
    clearTimeout(this.timer);
    this.working = this.work().finally(() => {
      this.working = undefined;
      if (this.seen !== this.desired) this.wake();
    });
  }

  private async work(): Promise<void> {
    while (!this.stopped && this.desired) {
      this.seen = this.desired;
      const action = nextAction(this.seen, this.made, Date.now());
      if (action === undefined) return;
      if (action.kind === 'wait') {
        this.timer = setTimeout(() => this.wake(), action.until - Date.now());
        return;
      }
      try {
        if (action.kind === 'remove') await this.remove(action.endpoint);
        else await this.load(action.desired);
      } catch (error) {
        this.host.failed(error);
      }
    }
  }

  private async remove(endpoint: string): Promise<void> {
    this.made.delete(endpoint);
    this.host.report(endpoint, undefined);
    await this.host.remove(endpoint);
  }

  private async load(desired: DesiredEndpoint): Promise<void> {
    const { endpoint, revision } = desired;
    let loaded: Loaded;
    try {
      loaded = await this.host.load(desired);
    } catch (error) {
      this.failed(desired, error);
      return;
    }
    if (this.stopped || this.desired?.get(endpoint)?.revision !== revision) return this.host.discard(loaded);
    this.host.swap(endpoint, loaded);
    this.settle(endpoint, { revision, state: 'ready', failures: 0 });
  }

  private failed({ endpoint, revision }: DesiredEndpoint, error: unknown): void {
    const { code, message, retryable } = toDomainError(error);
    const before = this.made.get(endpoint);
    const failures = before?.revision === revision ? before.failures + 1 : 1;
    this.settle(endpoint, {
      revision,
      state: 'failed',
      error: { code, message },
      failures,
      ...(retryable ? { retryAt: Date.now() + retryDelayMs(failures) } : {}),
    });
  }

  private settle(endpoint: string, attempt: Attempt): void {
    this.made.set(endpoint, attempt);
    if (attempt.state === 'ready' || isFinal(attempt)) this.host.report(endpoint, attempt);
  }
}
