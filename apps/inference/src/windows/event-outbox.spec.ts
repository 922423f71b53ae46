import { EventOutbox } from './event-outbox.js';

const event = (id: string) => ({ id });

describe('EventOutbox', () => {
  it('publishes in order, and keeps what failed for the next time', async () => {
    const out: string[] = [];
    let broken = true;
    const outbox = new EventOutbox<{ id: string }>(async ({ id }) => {
      if (broken && id === 'b') throw new Error('away');
      out.push(id);
    });
    for (const id of ['a', 'b', 'c']) outbox.add(event(id));
    await expect(outbox.flush()).rejects.toThrow('away');
    expect(outbox.size).toBe(2);
    broken = false;
    await outbox.flush();
    expect(out).toEqual(['a', 'b', 'c']);
  });

  it('is bounded: the oldest go', async () => {
    const out: string[] = [];
    const outbox = new EventOutbox<{ id: string }>(async ({ id }) => void out.push(id), 2);
    for (const id of ['a', 'b', 'c', 'd']) outbox.add(event(id));
    expect([outbox.size, outbox.dropped]).toEqual([2, 2]);
    await outbox.flush();
    expect(out).toEqual(['c', 'd']);
  });

  it('publishes each once when flushed twice at a time', async () => {
    const out: string[] = [];
    const outbox = new EventOutbox<{ id: string }>(async ({ id }) => void out.push(id));
    outbox.add(event('a'));
    outbox.add(event('b'));
    await Promise.all([outbox.flush(), outbox.flush()]);
    expect(out).toEqual(['a', 'b']);
  });
});
