import type { Task } from '@millrace/contracts';
import type { WorkQueue } from '@millrace/messaging';
import { createLogger } from '@millrace/observability';
import { play } from '../../testing/play.js';
import type { RunDriver } from '../drive/run-driver.js';
import type { HeldSteps } from '../store/held-steps.js';
import type { Lease } from './leases.js';
import { QueueCheck } from './queue-check.js';
import type { TasksOnTheWay } from './tasks-on-the-way.js';

const leaseOf = (position: number): Lease => ({
  ...{ run: 'r', step: `s${position}`, position, component: 'test.any', token: 1 },
  ...{ running: false, seenAt: position, endsAt: Infinity, probe: undefined, doubted: false },
});

describe('what is missing from a queue', () => {
  it('is published again, but for what was taken up or ended while it was looked for', async () => {
    const run = play([[], [], [], []]);
    run.begin();
    const leases = [0, 1, 2, 3].map(leaseOf);
    const published: Task[] = [];
    const onTheWay = {
      count: () => {
        run.complete(0, 1);
        run.fail(1, 1);
        run.tell({ type: 'task.started', step: 2, token: 1, worker: 'w' });
        return Promise.resolve(0);
      },
    };
    const work = { publish: (task: Task) => Promise.resolve(void published.push(task)) };
    const check = new QueueCheck(
      work as unknown as WorkQueue,
      onTheWay as unknown as TasksOnTheWay,
      { count: () => Promise.resolve(4) } as unknown as HeldSteps,
      { look: () => Promise.resolve({ state: run.state }) } as unknown as RunDriver,
      createLogger({ service: 'test', level: 'silent' }),
    );
    await check.check(leases);
    expect(published.map(({ step, token }) => [step, token])).toEqual([['s3', 1]]);
    // Whatever came of it, they are not looked for again at once.
    expect(leases.every(({ seenAt }) => seenAt > 3)).toBe(true);
  });
});
