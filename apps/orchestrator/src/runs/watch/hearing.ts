import { MessagingClient } from '@millrace/messaging';
import { Injectable } from '@nestjs/common';
import { OrchestratorEnv } from '../../config/orchestrator.env.js';

/** Later than this, a round is not late but comes after a standstill. */
const toleranceMs = 2_000;

/** Could we have heard a worker lately? Without NATS, or while this process stood still, silence says nothing. */
@Injectable()
export class Hearing {
  readonly everyMs: number;
  #lastAt = performance.now();
  #deaf = false;

  constructor(
    env: OrchestratorEnv,
    private readonly client: MessagingClient,
  ) {
    this.everyMs = env.RECONCILE_MS;
  }

  /** To be asked once per round. `again`: from now on, but not since the last round. */
  ask(): 'yes' | 'no' | 'again' {
    const now = performance.now();
    const stoodStill = now - this.#lastAt > this.everyMs + toleranceMs;
    const wasDeaf = this.#deaf;
    this.#lastAt = now;
    this.#deaf = !this.client.connected;
    if (this.#deaf) return 'no';
    return stoodStill || wasDeaf ? 'again' : 'yes';
  }
}
