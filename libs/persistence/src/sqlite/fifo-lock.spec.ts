import { FifoLock } from './fifo-lock.js';

describe('FifoLock', () => {
  it('lets one in at a time, in the order of asking', async () => {
    const lock = new FifoLock();
    const order: string[] = [];
    await Promise.all(
      Array.from({ length: 5 }, async (_, i) => {
        const release = await lock.acquire();
        order.push(`in ${i}`);
        await Promise.resolve();
        order.push(`out ${i}`);
        release();
      }),
    );
    expect(order).toEqual(Array.from({ length: 5 }, (_, i) => [`in ${i}`, `out ${i}`]).flat());
  });

  it('is not fooled by a release that comes twice', async () => {
    const lock = new FifoLock();
    const first = await lock.acquire();
    const second = lock.acquire();
    let third = false;
    void lock.acquire().then(() => (third = true));
    first();
    first();
    await second;
    expect(third).toBe(false);
    expect(lock.queued).toBe(1);
  });
});
