import { createLogger } from '@millrace/observability';
import { planOfNeeds } from '../../testing/plans.js';
import { decide } from '../decide/decide.js';
import { nothingMoved } from '../decide/room.js';
import { newRun, type RunState } from '../decide/state.js';
import type { HeldSteps } from '../store/held-steps.js';
import { RoomBook } from '../watch/room-book.js';
import { RoomLimits } from '../watch/room-limits.js';
import type { Watch } from '../watch/watch.js';
import { Dispatcher } from './dispatcher.js';
import type { RunDriver } from './run-driver.js';

const component = 'test.any';
const isHeld = ({ steps }: RunState) => steps[0]?.status === 'waiting';
const fresh = (run: string) =>
  newRun({ run, plan: planOfNeeds([[]], () => ({ component })), params: {}, useCache: true });
const held = (run: string): RunState => decide(fresh(run), { type: 'run.started', at: 1 }, () => 0).state;

/** A database of runs with one held step each, and a driver that may know less of some than the database has. */
const setUp = (limit: number, names: readonly string[], o: { stuck?: string; old?: string } = {}) => {
  const stored = new Map(names.map((run) => [run, held(run)]));
  const known = new Map<string, RunState>(o.old === undefined ? [] : [[o.old, fresh(o.old)]]);
  const told: string[] = [];
  const waiting = () => [...stored.values()].filter(isHeld);
  const steps: Pick<HeldSteps, keyof HeldSteps> = {
    components: () => Promise.resolve(waiting().length > 0 ? [component] : []),
    count: () => Promise.resolve(stored.size - waiting().length),
    next: (_, most) =>
      Promise.resolve(
        waiting()
          .slice(0, most)
          .map(({ run }) => ({ run, step: 's0' })),
      ),
  };
  const driver = {
    roomFor: () => undefined,
    forget: (run: string) => known.delete(run),
    tell: (run: string) => {
      told.push(run);
      if (run === o.stuck) return Promise.reject(new Error('its plan cannot be made'));
      const before = known.get(run) ?? stored.get(run) ?? fresh(run);
      const { state } = decide(before, { type: 'room.granted', step: 0, at: 2 });
      if (state !== before) stored.set(run, state);
      return Promise.resolve({ state });
    },
  };
  const room = new RoomBook(new RoomLimits(new Map([[component, limit]]), 0), () => nothingMoved);
  const dispatcher = new Dispatcher(
    steps as HeldSteps,
    driver as unknown as RunDriver,
    { room } as Watch,
    createLogger({ service: 'test', level: 'silent' }),
  );
  return {
    dispatcher,
    told,
    out: () => [...stored.values()].filter((run) => !isHeld(run)).map(({ run }) => run),
  };
};

describe('Dispatcher', () => {
  it('hands out as many as there is room for, and has done when nothing is held, however often it is asked', async () => {
    const narrow = setUp(2, ['a', 'b', 'c']);
    await narrow.dispatcher.round();
    expect(narrow.out()).toEqual(['a', 'b']);
    const wide = setUp(9, ['a', 'b', 'c']);
    await Promise.all([wide.dispatcher.round(), wide.dispatcher.dispatch(component)]);
    await wide.dispatcher.dispatch(component);
    await wide.dispatcher.round();
    expect(wide.out()).toEqual(['a', 'b', 'c']);
    expect(wide.told).toEqual(['a', 'b', 'c']);
  });

  it('passes over what cannot go out', async () => {
    const { dispatcher, out } = setUp(1, ['a', 'b', 'c'], { stuck: 'a' });
    await dispatcher.round();
    expect(out()).toEqual(['b']);
  });

  it('reads a run again of which it knows less than the database', async () => {
    const { dispatcher, told, out } = setUp(1, ['a'], { old: 'a' });
    await dispatcher.round();
    expect(told).toEqual(['a', 'a']);
    expect(out()).toEqual(['a']);
  });
});
