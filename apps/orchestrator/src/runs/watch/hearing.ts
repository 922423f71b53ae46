import { toDomainError } from '@millrace/contracts';
import { MessagingClient } from '@millrace/messaging';
import { Injectable, Optional } from '@nestjs/common';
import { OrchestratorEnv } from '../../config/orchestrator.env.js';
import type { Lease } from './leases.js';

/** Later than this, a round is not late but comes after a standstill. */
const toleranceMs = 2_000;
const answerMs = 2_000;
const probeMs = 1_000;
const nothing = new Uint8Array();

/** Could we have heard a worker lately? Without NATS, or while this process stood still, silence says nothing. */
@Injectable()
export class Hearing {
  readonly everyMs: number;
  readonly #maxCrashes: number;
  #lastAt: number;
  #deaf = false;

  constructor(
    env: OrchestratorEnv,
    private readonly client: MessagingClient,
    @Optional() private readonly now: () => number = () => performance.now(),
  ) {
    this.#lastAt = this.now();
    this.everyMs = env.RECONCILE_MS;
    this.#maxCrashes = env.STEP_MAX_CRASHES;
  }

  /** To be asked once per round. `again`: from now on, but not since the last round. */
  ask(): 'yes' | 'no' | 'again' {
    const now = this.now();
    const stoodStill = now - this.#lastAt > this.everyMs + toleranceMs;
    const wasDeaf = this.#deaf;
    this.#lastAt = now;
    this.#deaf = !this.client.connected;
    if (this.#deaf) return 'no';
    return stoodStill || wasDeaf ? 'again' : 'yes';
  }

  /** A connection may be dead before anybody notices: does the server answer? If not, nobody could be heard. */
  async confirm(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => (timer = setTimeout(resolve, answerMs, false)));
    const answered = this.client.nc.flush().then(
      () => true,
      () => false,
    );
    const heard = await Promise.race([answered, late]);
    clearTimeout(timer);
    this.#deaf ||= !heard;
    return heard;
  }

  /**
   * Has the process of the worker whose lease has run out vanished, so that the step may have killed it? Nobody has its
   * subject any more then, while one that stands still is only late. Of a
   * worker that can't be asked, and of one that was never heard to begin, nothing is said.
   */
  async crashOf({
    running,
    probe,
  }: Pick<Lease, 'running' | 'probe'>): Promise<{ crash?: { limit: number } }> {
    const gone = running && probe !== undefined && !(await this.#answers(probe));
    return gone ? { crash: { limit: this.#maxCrashes } } : {};
  }

  async #answers(probe: string): Promise<boolean> {
    try {
      await this.client.requestRaw(this.client.subjects.probe(probe), nothing, { timeoutMs: probeMs });
      return true;
    } catch (error) {
      return toDomainError(error).code !== 'unavailable' || !this.client.connected;
    }
  }
}
