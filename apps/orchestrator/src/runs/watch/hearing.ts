import { MessagingClient } from '@millrace/messaging';
import { Injectable, Optional } from '@nestjs/common';
import { OrchestratorEnv } from '../../config/orchestrator.env.js';

/** Later than this, a round is not late but comes after a standstill. */
const toleranceMs = 2_000;
const answerMs = 2_000;

/** Could we have heard a worker lately? Without NATS, or while this process stood still, silence says nothing. */
@Injectable()
export class Hearing {
  readonly everyMs: number;
  #lastAt: number;
  #deaf = false;

  constructor(
    env: OrchestratorEnv,
    private readonly client: MessagingClient,
    @Optional() private readonly now: () => number = () => performance.now(),
  ) {
    this.#lastAt = this.now();
    this.everyMs = env.RECONCILE_MS;
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
}
