import { Shelf, type ShelfLimits } from './shelf.js';

const setUp = (limits: Partial<ShelfLimits>) => {
  const asleep: string[] = [];
  const shelf = new Shelf({ models: 100, bytes: 100, ...limits }, () => {});
  const model = (name: string, usedAt: number, bytes = 1) => ({
    usedAt,
    bytes,
    sleep: async () => void asleep.push(name),
  });
  return { shelf, asleep, model };
};

describe('Shelf', () => {
  it('puts to sleep what was asked longest ago when there are too many', () => {
    const { shelf, asleep, model } = setUp({ models: 2 });
    const a = model('a', 1);
    shelf.add(a);
    shelf.add(model('b', 2));
    a.usedAt = 3;
    shelf.add(model('c', 4));
    expect(asleep).toEqual(['b']);
    expect(shelf.size).toBe(2);
  });

  it('puts as many to sleep as there is room needed, but never the one that wakes', () => {
    const { shelf, asleep, model } = setUp({ bytes: 10 });
    shelf.add(model('a', 1, 4));
    shelf.add(model('b', 2, 4));
    shelf.add(model('c', 3, 7));
    expect(asleep).toEqual(['a', 'b']);
    shelf.add(model('huge', 0, 1_000));
    expect(asleep).toEqual(['a', 'b', 'c']);
    expect(shelf.size).toBe(1);
  });

  it('forgets what is closed', () => {
    const { shelf, asleep, model } = setUp({ models: 2 });
    const [a, b] = [model('a', 1), model('b', 2)];
    shelf.add(a);
    shelf.add(b);
    shelf.remove(b);
    shelf.remove(b);
    shelf.add(model('c', 3));
    expect(asleep).toEqual([]);
  });
});
