import { setTimeout as wait } from 'node:timers/promises';
import { runCancel, runGet, runStart, type EventMap } from '@millrace/contracts';
import { EventBus, type MessagingClient } from '@millrace/messaging';
import type { Entry, Lines } from '../ledger/ledger.js';
import { drawRequest, type Request } from '../workload/pipelines.js';

export interface ClientsOptions {
  seed: number;
  client: MessagingClient;
  ledger: Lines<Entry>;
  pipelines: readonly string[];
  /** Runs under way at once. */
  clients: number;
  /** No new run once it is. */
  enough(started: number): boolean;
  signal: AbortSignal;
}

const over = (status: string): boolean => ['succeeded', 'failed', 'cancelled'].includes(status);
/** A client that has waited so long for a run goes on with the next: the ledger keeps the run in mind. */
const patienceMs = 30_000;

/** People who start runs, wait for their ends, and sometimes change their minds. */
export class Clients {
  started = 0;
  readonly #ended = new Set<string>();

  constructor(private readonly o: ClientsOptions) {}

  async run(): Promise<void> {
    const watching = new EventBus(this.o.client).onEvent('orchestrator.run.changed', ({ data }) => {
      const { run, status } = data as EventMap['orchestrator.run.changed'];
      if (over(status)) this.#ended.add(run);
    });
    await Promise.all(Array.from({ length: this.o.clients }, () => this.#client()));
    watching.unsubscribe();
  }

  async #client(): Promise<void> {
    const { o } = this;
    while (!o.signal.aborted && !o.enough(this.started)) {
      const request = drawRequest(o.seed, this.started++, o.pipelines);
      const { key, pipeline, x, cancelAfterMs } = request;
      o.ledger.append({ type: 'intended', key, pipeline, x });
      const run = await this.#start(request);
      o.ledger.append({ type: 'acknowledged', key, run });
      if (cancelAfterMs !== undefined) await this.#cancel(key, run, cancelAfterMs);
      else await this.#end(run);
    }
  }

  /** Again and again under one key: what was asked for and not answered may have happened. */
  async #start({ key, pipeline, x }: Request): Promise<string> {
    const request = { pipeline, params: { x }, idempotencyKey: key };
    return this.#insist(
      async () => (await this.o.client.request(runStart, request, { timeoutMs: 3_000 })).run,
    );
  }

  async #cancel(key: string, run: string, afterMs: number): Promise<void> {
    await wait(afterMs);
    this.o.ledger.append({ type: 'cancelling', key, run });
    await this.o.client.request(runCancel, { run }, { timeoutMs: 3_000 }).catch(() => undefined);
  }

  async #end(run: string): Promise<void> {
    const until = performance.now() + patienceMs;
    for (let asked = performance.now(); performance.now() < until; await wait(5)) {
      if (this.#ended.delete(run)) return;
      // Events are lossy.
      if (performance.now() - asked < 2_000) continue;
      asked = performance.now();
      const view = await this.o.client.request(runGet, { run }, { timeoutMs: 2_000 }).catch(() => undefined);
      if (view && over(view.status)) return;
    }
  }

  async #insist<T>(work: () => Promise<T>): Promise<T> {
    const until = performance.now() + 120_000;
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (performance.now() > until) throw error;
        await wait(200);
      }
    }
  }
}
