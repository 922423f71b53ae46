import { DomainError, type BeginTask, type Empty } from '@millrace/contracts';
import { Injectable } from '@nestjs/common';
import { positionIn } from '../decide/position-in.js';
import { isOut } from '../decide/state.js';
import { RunDriver } from '../drive/run-driver.js';
import { Watch } from '../watch/watch.js';

/** Workers that say that they begin, and wait until it is certain that this is known. */
@Injectable()
export class TaskBeginnings {
  constructor(
    private readonly driver: RunDriver,
    private readonly watch: Watch,
  ) {}

  /**
   * Resolves when it is committed.
   * @throws DomainError `not_found`, `conflict` when the step is not out, or is under another token
   */
  async note({ run, step, token, worker, probe }: BeginTask): Promise<Empty> {
    const begun = { type: 'task.started' as const, step, token, worker, ...(probe ? { probe } : {}) };
    const { state } = await this.driver.tell(run, begun);
    const own = state.steps[positionIn(state.plan, step) ?? -1];
    if (!own || !isOut(own) || own.token !== token)
      throw new DomainError('conflict', `step '${step}' is not out under token ${token}`, {
        retryable: false,
      });
    this.watch.leases.sign({ run, step, token, ...(probe ? { probe } : {}) });
    return {};
  }
}
