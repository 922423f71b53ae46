import { subjectsOf } from '@millrace/contracts';
import type { CompletionQueue, MessagingClient, WorkQueue } from '@millrace/messaging';
import type { Outbox } from '@millrace/persistence';
import { TasksOnTheWay } from './tasks-on-the-way.js';

/** Places on the way of a task, in order. It is in the next before it leaves the one before. */
const places = ['outbox', 'queue', 'completions'] as const;
type Place = (typeof places)[number];

/** One task that is at `from` first, and goes on to the next place after each of so many looks. */
const taskThatMoves = (from: number, afterLooks: number) => {
  let looks = 0;
  const look = (place: Place): Promise<number> => {
    const at = from + Math.floor(looks++ / afterLooks);
    return Promise.resolve(places[at] === place ? 1 : 0);
  };
  const client = { subjects: subjectsOf('t.v1') } as MessagingClient;
  return new TasksOnTheWay(
    client,
    {
      waiting: (subject: string) => (subject === 't.v1.work.a.b' ? look('outbox') : Promise.resolve(0)),
    } as Outbox,
    { count: (component: string) => (component === 'a.b' ? look('queue') : Promise.resolve(0)) } as WorkQueue,
    { count: () => look('completions') } as CompletionQueue,
  );
};

describe('a task that nobody has answered', () => {
  it.each([
    [0, Infinity],
    [1, Infinity],
    [2, Infinity],
    // While it is looked for.
    [0, 1],
    [0, 2],
  ])('is found on its way (from %i, moving on after %d looks)', async (from, afterLooks) => {
    expect(await taskThatMoves(from, afterLooks).count('a.b')).toBeGreaterThanOrEqual(1);
  });

  it('is not found where it has no place any more', async () => {
    expect(await taskThatMoves(3, Infinity).count('a.b')).toBe(0);
  });
});
