import type { CompletionQueue, Horizon } from '@millrace/messaging';
import { Earshot } from './earshot.js';
import type { Lease } from './leases.js';

const setUp = (horizon: Horizon) => {
  const clock = { now: 0 };
  const completions = { horizon: () => Promise.resolve(horizon) } as CompletionQueue;
  const lease = { run: 'r', step: 's', seenAt: 5 } as Lease;
  const earshot = new Earshot(completions, () => clock.now);
  const isHeardOut = async () => (await earshot.heardOut([lease], ({ seenAt }) => seenAt)).includes(lease);
  return { clock, horizon, lease, isHeardOut };
};

describe('Earshot', () => {
  it('hears a worker out where nothing waits to be heard', async () => {
    const { isHeardOut } = setUp({ last: 9, answered: Infinity });
    expect(await isHeardOut()).toBe(true);
  });

  it('waits for all that was said by then, and for no more', async () => {
    const { isHeardOut, horizon } = setUp({ last: 9, answered: 3 });
    expect(await isHeardOut()).toBe(false);
    Object.assign(horizon, { last: 20, answered: 8 });
    expect(await isHeardOut()).toBe(false);
    horizon.answered = 9;
    expect(await isHeardOut()).toBe(true);
  });

  it('begins anew after another sign of life', async () => {
    const { isHeardOut, horizon, lease } = setUp({ last: 9, answered: 3 });
    await isHeardOut();
    lease.seenAt = 6;
    Object.assign(horizon, { last: 20, answered: 12 });
    expect(await isHeardOut()).toBe(false);
  });

  it('does not wait for a stream that is gone, nor without end', async () => {
    const { isHeardOut, horizon, clock } = setUp({ last: 9, answered: 3 });
    await isHeardOut();
    Object.assign(horizon, { last: 2, answered: 2 });
    expect(await isHeardOut()).toBe(true);
    Object.assign(horizon, { last: 20, answered: 0 });
    clock.now = 30_000;
    expect(await isHeardOut()).toBe(true);
  });
});
