import { setTimeout as wait } from 'node:timers/promises';
import { runGet, runStart, type EventMap, type RunStatus } from '@millrace/contracts';
import { EventBus, type MessagingClient } from '@millrace/messaging';
import type { Entry, Lines } from '../ledger/ledger.js';
import { drawRequest, gives, type Request } from '../workload/pipelines.js';
import type { Sketch } from '../workload/sketch.js';
import { insist, type Asking } from './asking.js';

export interface ClientsOptions {
  seed: number;
  client: MessagingClient;
  ledger: Lines<Entry>;
  asking: Asking;
  /** What they may start. */
  sketches: readonly Sketch[];
  /** Runs under way at once. */
  clients: number;
  /** No new run once it is. */
  enough(started: number): boolean;
  signal: AbortSignal;
}

const over = (status: string): boolean => ['succeeded', 'failed', 'cancelled'].includes(status);
/** A client that has waited so long for a run goes on with the next: the ledger keeps the run in mind. */
const patienceMs = 30_000;
const maxResumes = 5;

/** People who start runs, wait for their ends, sometimes change their minds, and sometimes don't take no for an answer. */
export class Clients {
  started = 0;
  /** By run, what it was asked for with. */
  readonly requests = new Map<string, Request>();
  readonly #ended = new Set<string>();
  readonly #sketches: ReadonlyMap<string, Sketch>;

  constructor(private readonly o: ClientsOptions) {
    this.#sketches = new Map(o.sketches.map((sketch) => [sketch.name, sketch]));
  }

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
      const request = drawRequest(o.seed, this.started++, o.sketches);
      const { key, pipeline, x } = request;
      o.ledger.append({ type: 'intended', key, pipeline, x });
      const run = await this.#start(request);
      o.ledger.append({ type: 'acknowledged', key, run });
      this.requests.set(run, request);
      await this.#indulge(run, request);
      await this.#seeItThrough(run, request);
    }
  }

  /** Again and again under one key: what was asked for and not answered may have happened. */
  async #start({ key, pipeline, x }: Request): Promise<string> {
    const request = { pipeline, params: { x }, idempotencyKey: key };
    return insist(async () => (await this.o.client.request(runStart, request, { timeoutMs: 3_000 })).run);
  }

  async #indulge(run: string, { whim }: Request): Promise<void> {
    if (!whim) return;
    const { asking } = this.o;
    await wait(whim.afterMs);
    if (whim.does === 'cancel') return void (await asking.once(run, 'cancel'));
    if (whim.does === 'cancel below') return this.#cancelBelow(run);
    await asking.untilAnswered(run, whim.does === 'pause' ? 'pause' : 'cancel');
    // Its last steps are done first.
    if (whim.does === 'cancel and resume') await this.#end(run);
    else await wait(whim.forMs);
    await asking.untilAnswered(run, whim.does === 'pause' ? 'unpause' : 'resume');
  }

  /** Somebody cancels what a run has begun, and not the run. */
  async #cancelBelow(run: string): Promise<void> {
    const view = await this.o.client.request(runGet, { run }, { timeoutMs: 3_000 }).catch(() => undefined);
    const child = view?.steps.find((step) => step.child !== undefined && step.status === 'running')?.child;
    if (child !== undefined) await this.o.asking.once(child, 'cancel');
  }

  /** Until it ends, and until it succeeds where that is only a matter of trying. */
  async #seeItThrough(run: string, { pipeline, x, whim }: Request): Promise<void> {
    const { asking, ledger } = this.o;
    const sketch = this.#sketches.get(pipeline);
    const isWorthIt = sketch !== undefined && whim?.does !== 'cancel' && gives(sketch, x);
    let status = await this.#end(run);
    for (let tries = 0; status === 'failed' && isWorthIt && tries < maxResumes; tries++) {
      this.#ended.delete(run);
      await asking.untilAnswered(run, 'resume');
      status = await this.#end(run);
    }
    if (status && asking.isSettled(run)) ledger.append({ type: 'seen', run, status });
  }

  /** @returns undefined when patience ended first */
  async #end(run: string): Promise<RunStatus | undefined> {
    const until = performance.now() + patienceMs;
    for (let asked = performance.now(); performance.now() < until; await wait(5)) {
      // An event may tell of an earlier end, and none may come at all.
      if (!this.#ended.delete(run) && performance.now() - asked < 2_000) continue;
      asked = performance.now();
      const view = await this.o.client.request(runGet, { run }, { timeoutMs: 2_000 }).catch(() => undefined);
      if (view && over(view.status)) return view.status;
    }
    return undefined;
  }
}
