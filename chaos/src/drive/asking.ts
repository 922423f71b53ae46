import { setTimeout as wait } from 'node:timers/promises';
import { runCancel, runPause, runResume, runUnpause, toDomainError } from '@millrace/contracts';
import type { MessagingClient } from '@millrace/messaging';
import type { Ask, Entry, Lines } from '../ledger/ledger.js';

const operations = { cancel: runCancel, resume: runResume, pause: runPause, unpause: runUnpause };

export const patienceMs = 120_000;

/** Tries again until it is done. */
export const insist = async <T>(work: () => Promise<T>): Promise<T> => {
  const until = performance.now() + patienceMs;
  for (;;)
    try {
      return await work();
    } catch (error) {
      if (performance.now() > until) throw error;
      await wait(200);
    }
};

/** Asks things of runs, and writes down what was asked and what was answered. */
export class Asking {
  readonly #unanswered = new Map<string, number>();

  constructor(
    private readonly client: MessagingClient,
    private readonly ledger: Lines<Entry>,
  ) {}

  /** Whether all that was asked of a run had an answer: then nothing that was asked may still happen. */
  isSettled(run: string): boolean {
    return (this.#unanswered.get(run) ?? 0) === 0;
  }

  /** Once; an answer may not come. */
  async once(run: string, what: Ask): Promise<boolean> {
    this.ledger.append({ type: 'asked', run, what });
    const type = await this.client.request(operations[what], { run }, { timeoutMs: 3_000 }).then(
      () => 'answered' as const,
      (error: unknown) =>
        ['conflict', 'not_found'].includes(toDomainError(error).code) ? ('refused' as const) : undefined,
    );
    if (type) this.ledger.append({ type, run, what });
    else this.#unanswered.set(run, (this.#unanswered.get(run) ?? 0) + 1);
    return type !== undefined;
  }

  /** Until there is an answer. */
  async untilAnswered(run: string, what: Ask): Promise<void> {
    const until = performance.now() + patienceMs;
    while (!(await this.once(run, what)) && performance.now() < until) await wait(300);
  }
}
