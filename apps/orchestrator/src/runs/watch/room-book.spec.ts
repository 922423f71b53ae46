import { nothingMoved } from '../decide/room.js';
import { RoomBook } from './room-book.js';
import { RoomLimits } from './room-limits.js';

const setUp = (window = 10) => {
  const leases = new Map<string, number>();
  const queued = new Map<string, number>();
  const asked: string[] = [];
  const book = new RoomBook(new RoomLimits(new Map([['a.exact', 2]]), window), (name) => ({
    out: leases.get(name) ?? 0,
    queued: queued.get(name) ?? leases.get(name) ?? 0,
  }));
  book.onRoom = (component) => asked.push(component);
  return { leases, queued, asked, book, turn: (...full: string[]) => book.book(new Set(full)) };
};
const none: ReadonlySet<string> = new Set();

describe('RoomBook', () => {
  it('knows what is out, and what turns are about to hand out', () => {
    const { leases, book, turn } = setUp();
    leases.set('a.exact', 1);
    expect(book.free('a.exact')).toBe(1);
    const first = turn();
    first.move(new Map([['a.exact', { out: 1, queued: 1 }]]));
    expect(turn().room('a.exact', nothingMoved)).toBe(0);
    first.close();
    first.close();
    expect(turn().room('a.exact', nothingMoved)).toBe(1);
    expect(turn('a.exact').room('a.exact', nothingMoved)).toBe(-Infinity);
    expect(setUp(0).book.free('a.any')).toBe(Infinity);
  });

  it('counts for a limit what is out, and for a window what nobody has taken up', () => {
    const { leases, queued, book } = setUp();
    for (const name of ['a.exact', 'a.any']) leases.set(name, 2);
    for (const name of ['a.exact', 'a.any']) queued.set(name, 1);
    expect([book.free('a.exact'), book.free('a.any')]).toEqual([0, 9]);
    const moved = { out: -1, queued: 1 };
    expect([book.free('a.exact', moved), book.free('a.any', moved)]).toEqual([1, 8]);
  });

  it('forgets what a turn was about to do when it fails', () => {
    const { book, turn } = setUp();
    expect(() => {
      using failing = turn();
      failing.move(new Map([['a.exact', { out: 2, queued: 2 }]]));
      expect(book.free('a.exact')).toBe(0);
      throw new Error('no');
    }).toThrow('no');
    expect(book.free('a.exact')).toBe(2);
  });

  it('has no room for what comes after those who wait, until nobody does', () => {
    const { book, asked } = setUp();
    book.follow(new Set(['a.any']), none);
    expect(book.free('a.any')).toBe(-Infinity);
    const said = book.saidToBeHeld('a.any');
    book.follow(new Set(['a.any']), none);
    expect(asked).toEqual(['a.any']);
    expect(book.emptied('a.any', said)).toBe(false);
    expect(book.free('a.any')).toBe(-Infinity);
    expect(book.emptied('a.any', book.saidToBeHeld('a.any'))).toBe(true);
    // Or whoever looks for it again would look for ever.
    expect(book.emptied('a.any', book.saidToBeHeld('a.any'))).toBe(true);
    expect(book.free('a.any')).toBe(10);
  });

  it('asks for what is held when half of a window is free, of a limit when one is', () => {
    const { leases, book, asked } = setUp();
    for (const name of ['a.exact', 'a.any']) book.hold(name);
    asked.length = 0;
    leases.set('a.any', 6).set('a.exact', 2);
    book.follow(none, new Set(['a.any', 'a.exact', 'a.other']));
    expect(asked).toEqual([]);
    leases.set('a.any', 5).set('a.exact', 1);
    book.follow(none, new Set(['a.any', 'a.exact']));
    expect(asked).toEqual(['a.any', 'a.exact']);
  });

  it('lets itself be told that fewer are out than it knows leases of, or more', () => {
    const { leases, book } = setUp();
    leases.set('a.any', 10);
    expect(book.free('a.any')).toBe(0);
    book.counted('a.any', 4);
    expect(book.free('a.any')).toBe(6);
    leases.set('a.any', 12);
    expect(book.free('a.any')).toBe(4);
    book.counted('a.any', 13);
    expect(book.free('a.any')).toBe(-3);
  });
});
