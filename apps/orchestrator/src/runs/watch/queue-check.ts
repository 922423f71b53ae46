import { WorkQueue } from '@millrace/messaging';
import { LOGGER, type Logger } from '@millrace/observability';
import { Inject, Injectable } from '@nestjs/common';
import { messageIdOf, taskHeadersOf, taskOf } from '../decide/task-of.js';
import { RunDriver } from '../drive/run-driver.js';
import { HeldSteps } from '../store/held-steps.js';
import type { Lease } from './leases.js';
import { TasksOnTheWay } from './tasks-on-the-way.js';

const groupByComponent = (leases: readonly Lease[]): Map<string, Lease[]> => {
  const groups = new Map<string, Lease[]>();
  for (const lease of leases) groups.set(lease.component, [...(groups.get(lease.component) ?? []), lease]);
  return groups;
};

/**
 * Looks for tasks that should be queued and of which nothing is heard. That alone is no harm: workers may be busy. But
 * where fewer are on their way than there are tasks out, some are lost, and they are published again: under the same token,
 * so whoever still has one does nothing that counts twice.
 */
@Injectable()
export class QueueCheck {
  constructor(
    private readonly work: WorkQueue,
    private readonly onTheWay: TasksOnTheWay,
    private readonly held: HeldSteps,
    private readonly driver: RunDriver,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async check(silent: readonly Lease[]): Promise<void> {
    for (const [component, leases] of groupByComponent(silent)) {
      const lost = (await this.held.count(component, 'out')) - (await this.onTheWay.count(component));
      if (lost > 0) {
        this.logger.warn({ component, lost, silent: leases.length }, 'tasks are missing from their queue');
        const longest = leases.toSorted((a, b) => a.seenAt - b.seenAt).slice(0, lost);
        for (const lease of longest) await this.#publish(lease);
      }
      // Whatever came of it, they are not looked for again at once.
      for (const lease of leases) lease.seenAt = performance.now();
    }
  }

  async #publish(lease: Lease): Promise<void> {
    const { run, step, position, token } = lease;
    const known = await this.driver.look(run);
    const state = known?.state;
    const own = state?.steps[position];
    // Meanwhile somebody may have taken it up, or ended it: under the same token, too.
    if (!state || own?.token !== token || own.status !== 'queued') return;
    const task = taskOf(state, position);
    // Another id than before, or the stream may take it for the one that it had; the same as that of another replica.
    lease.publications = (lease.publications ?? 1) + 1;
    const messageId = `${messageIdOf(task)}/${lease.publications}`;
    await this.work.publish(task, { messageId, headers: taskHeadersOf(state, position) });
    this.logger.info({ run, step, token }, 'task published again');
  }
}
