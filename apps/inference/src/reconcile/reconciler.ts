import { toDomainError } from '@millrace/contracts';
import type { DesiredEndpoint, DesiredState } from '../desired/desired-state.js';
import {
  isFinal,
  nextActions,
  retryDelayMs,
  unsettled,
  type Action,
  type Attempt,
  type Attempts,
} from './plan.js';

/** What the reconciler drives: it decides when, these know how. */
export interface ServingHost<Loaded> {
  /** All that it needs is in memory: loading it takes no time. */
  isLoaded(desired: DesiredEndpoint): boolean;
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
 * Makes what is served what is desired, always towards the newest desired state. A revision that can't be loaded leaves the
 * one before it in its place. Endpoints are loaded one after the other; what takes no time (a switch to what is loaded
 * already, a removal) does not wait for that.
 */
export class Reconciler<Loaded> {
  private desired: DesiredState | undefined;
  private readonly made = new Map<string, Attempt>();
  /** What is being done, by endpoint. */
  private readonly busy = new Map<string, Promise<void>>();
  private loading = false;
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
    while (this.busy.size > 0) await Promise.all(this.busy.values());
  }

  /** Resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.idle();
  }

  private wake(): void {
    clearTimeout(this.timer);
    if (this.stopped || !this.desired) return;
    for (const action of nextActions(this.desired, this.made, Date.now(), this.busy)) {
      if (action.kind === 'wait') this.timer = setTimeout(() => this.wake(), action.until - Date.now());
      else this.begin(action);
    }
  }

  private begin(action: Exclude<Action, { kind: 'wait' }>): void {
    const endpoint = action.kind === 'remove' ? action.endpoint : action.desired.endpoint;
    const slow = action.kind === 'load' && !this.host.isLoaded(action.desired);
    if (slow && this.loading) return;
    if (slow) this.loading = true;
    this.busy.set(endpoint, this.act(action, endpoint, slow));
  }

  private async act(
    action: Exclude<Action, { kind: 'wait' }>,
    endpoint: string,
    slow: boolean,
  ): Promise<void> {
    try {
      if (action.kind === 'remove') await this.remove(endpoint);
      else await this.load(action.desired);
    } catch (error) {
      this.host.failed(error);
    }
    this.busy.delete(endpoint);
    if (slow) this.loading = false;
    this.wake();
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
