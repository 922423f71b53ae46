import { eventually } from '@millrace/testing';
import { DeadlineWheel } from './deadline-wheel.js';

class Item {
  expiredAt: number | undefined;
  expire(): void {
    this.expiredAt = performance.now();
  }
}

describe('DeadlineWheel', () => {
  it('expires each item after its time, never before, and only once', async () => {
    const wheel = new DeadlineWheel(5);
    const began = performance.now();
    const items = [1, 7, 20, 60].map((ms) => {
      const item = new Item();
      wheel.add(item, ms);
      return { item, ms };
    });
    await eventually(() => items.every(({ item }) => item.expiredAt !== undefined));
    for (const { item, ms } of items) expect(item.expiredAt! - began).toBeGreaterThanOrEqual(ms);
    expect(items.map(({ item }) => item.expiredAt)).toEqual(
      items.map(({ item }) => item.expiredAt).sort((a, b) => a! - b!),
    );
  });

  it('forgets what was removed', async () => {
    const wheel = new DeadlineWheel(5);
    const [removed, kept] = [new Item(), new Item()];
    wheel.remove(removed, wheel.add(removed, 1));
    wheel.add(kept, 20);
    await eventually(() => kept.expiredAt !== undefined);
    expect(removed.expiredAt).toBeUndefined();
  });

  it('starts again after it was empty', async () => {
    const wheel = new DeadlineWheel(5);
    for (let round = 0; round < 2; round++) {
      const item = new Item();
      wheel.add(item, 1);
      await eventually(() => item.expiredAt !== undefined);
    }
  });
});
