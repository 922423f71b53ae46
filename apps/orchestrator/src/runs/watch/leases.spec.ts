import { planOfNeeds } from '../../testing/plans.js';
import { decide } from '../decide/decide.js';
import type { RunEvent } from '../decide/event.js';
import { newRun } from '../decide/state.js';
import { Leases } from './leases.js';

/** A run of two steps whose time goes by hand: `mono` never jumps, `wall` does as it likes. */
const setUp = () => {
  const clock = { mono: 1_000_000, wall: 5_000_000 };
  const leases = new Leases({ leaseMs: 15_000, queueCheckMs: 5_000, graceMs: 2_000 }, () => clock.mono);
  let state = newRun({
    run: 'r',
    plan: planOfNeeds([[], [0]], () => ({ timeoutMs: 60_000 })),
    params: {},
    useCache: true,
  });
  const tell = (event: RunEvent) => {
    const after = decide(state, event).state;
    leases.follow(state, after, clock.wall);
    state = after;
  };
  tell({ type: 'run.started', at: clock.wall });
  const begin = () => tell({ type: 'task.started', step: 0, token: 1, worker: 'w', at: clock.wall });
  const overdue = () => {
    const { lapsed, ended, silent } = leases.overdue();
    return { lapsed: lapsed.length, ended: ended.length, silent: silent.length };
  };
  return { clock, leases, tell, begin, overdue, state: () => state };
};
const none = { lapsed: 0, ended: 0, silent: 0 };

describe('Leases', () => {
  it('has one for what is out, and none for the rest', () => {
    const { leases, begin, tell, clock } = setUp();
    expect(leases.size).toBe(1);
    begin();
    tell({
      type: 'task.completed',
      step: 0,
      token: 1,
      worker: 'w',
      durationMs: 1,
      at: clock.wall,
      result: { status: 'succeeded', outputs: { value: 1 } },
    });
    expect(leases.sign({ run: 'r', step: 's0', token: 1 })).toBe('unknown');
    expect(leases.sign({ run: 'r', step: 's1', token: 1 })).toBe('first');
  });

  it('misses a queued task after a while, but never takes it for lapsed', () => {
    const { clock, overdue } = setUp();
    clock.mono += 4_999;
    expect(overdue()).toEqual(none);
    clock.mono += 3_600_000;
    expect(overdue()).toEqual({ ...none, silent: 1 });
  });

  it('lapses when a running task falls silent, and not while it is heard', () => {
    const { clock, begin, overdue, leases } = setUp();
    begin();
    for (let i = 0; i < 4; i++) {
      clock.mono += 10_000;
      expect(leases.sign({ run: 'r', step: 's0', token: 1 })).toBe('known');
      expect(overdue()).toEqual(none);
    }
    clock.mono += 11_000;
    expect(leases.sign({ run: 'r', step: 's0', token: 0 })).toBe('stale');
    expect(leases.sign({ run: 'r', step: 's0', token: 7 })).toBe('unknown');
    clock.mono += 4_000;
    expect(overdue()).toEqual({ ...none, lapsed: 1 });
  });

  it('ends an attempt at its limit and a grace, however lively it is', () => {
    const { clock, begin, overdue, leases } = setUp();
    begin();
    clock.mono += 61_999;
    leases.sign({ run: 'r', step: 's0', token: 1 });
    expect(overdue()).toEqual(none);
    clock.mono += 1;
    expect(overdue()).toEqual({ ...none, ended: 1 });
  });

  it('does not look at the wall clock', () => {
    const { clock, begin, overdue } = setUp();
    begin();
    clock.wall += 365 * 86_400_000;
    expect(overdue()).toEqual(none);
    clock.wall = 0;
    expect(overdue()).toEqual(none);
  });

  it('begins anew after a restart, with what is left of the limit', () => {
    const { clock, begin, state } = setUp();
    begin();
    clock.wall += 50_000;
    const restarted = new Leases({ leaseMs: 15_000, queueCheckMs: 5_000, graceMs: 2_000 }, () => clock.mono);
    restarted.follow(undefined, state(), clock.wall);
    clock.mono += 11_999;
    expect(restarted.overdue()).toEqual({ lapsed: [], ended: [], silent: [] });
    clock.mono += 1;
    expect(restarted.overdue().ended).toHaveLength(1);
  });

  it('lets the silence of a worker come before a limit that is over by the wall clock alone', () => {
    const { clock, begin, state } = setUp();
    begin();
    clock.wall += 3_600_000;
    const restarted = new Leases({ leaseMs: 15_000, queueCheckMs: 5_000, graceMs: 2_000 }, () => clock.mono);
    restarted.follow(undefined, state(), clock.wall);
    clock.mono += 15_000;
    expect(restarted.overdue()).toMatchObject({ lapsed: [{ step: 's0' }], ended: [] });
    expect(restarted.sign({ run: 'r', step: 's0', token: 1 })).toBe('known');
    clock.mono += 17_000;
    expect(restarted.overdue()).toMatchObject({ lapsed: [], ended: [{ step: 's0' }] });
  });

  it('has less patience with a silent worker whose task has come to another', () => {
    const { clock, begin, overdue, leases } = setUp();
    begin();
    clock.mono += 4_000;
    expect(leases.doubt({ run: 'r', step: 's0', token: 1 })).toBe(true);
    expect(overdue()).toEqual(none);
    // Heard all the same: it keeps its lease.
    leases.sign({ run: 'r', step: 's0', token: 1, probe: 'p' });
    clock.mono += 4_999;
    expect(overdue()).toEqual(none);
    clock.mono += 1;
    expect(leases.overdue().lapsed).toMatchObject([{ step: 's0', running: true, probe: 'p' }]);
  });

  it('waits a little for the first sign of what was begun unheard and came to another', () => {
    const { clock, begin, overdue, leases } = setUp();
    clock.mono += 60_000;
    expect(leases.doubt({ run: 'r', step: 's0', token: 1 })).toBe(true);
    clock.mono += 4_999;
    expect(overdue()).toEqual(none);
    clock.mono += 1;
    expect(overdue()).toEqual({ ...none, lapsed: 1 });
    begin();
    expect(overdue()).toEqual(none);
  });

  it('does not doubt what is not out under that token', () => {
    const { leases } = setUp();
    expect(leases.doubt({ run: 'r', step: 's0', token: 0 })).toBe(false);
    expect(leases.doubt({ run: 'r', step: 's0', token: 2 })).toBe(false);
    expect(leases.doubt({ run: 'x', step: 's0', token: 1 })).toBe(false);
  });

  it('waits with what has an answer that could not be written down yet', () => {
    const { clock, begin, leases, overdue } = setUp();
    begin();
    clock.mono += 61_000;
    leases.hold({ run: 'r', step: 's0', token: 1 });
    clock.mono += 14_999;
    expect(overdue()).toEqual(none);
    clock.mono += 1;
    expect(overdue()).toEqual({ ...none, ended: 1 });
  });

  it('begins anew when nobody could have been heard', () => {
    const { clock, begin, leases, overdue } = setUp();
    begin();
    clock.mono += 30_000;
    leases.renew();
    expect(overdue()).toEqual(none);
  });
});
