import { fromList } from '../desired/desired-state.js';
import { isFinal, nextActions, retryDelayMs, unsettled, type Attempt } from './plan.js';

const desired = fromList([{ endpoint: 'a', revision: 2, targets: [] }]);
const attempt = (change: Partial<Attempt>): Map<string, Attempt> =>
  new Map([['a', { revision: 2, state: 'ready', failures: 0, ...change }]]);

describe('the plan', () => {
  it('loads what was never tried, or was tried at another revision', () => {
    expect(nextActions(desired, new Map(), 0)).toMatchObject([{ kind: 'load' }]);
    expect(nextActions(desired, attempt({ revision: 1 }), 0)).toMatchObject([{ kind: 'load' }]);
    expect(nextActions(desired, attempt({ revision: 3 }), 0)).toMatchObject([{ kind: 'load' }]);
    expect(nextActions(desired, attempt({}), 0)).toEqual([]);
  });

  it('removes first', () => {
    const attempts = new Map([['z', attempt({}).get('a')!]]);
    expect(nextActions(desired, attempts, 0)).toMatchObject([
      { kind: 'remove', endpoint: 'z' },
      { kind: 'load' },
    ]);
    expect(nextActions(desired, attempts, 0, new Set(['a', 'z']))).toEqual([]);
  });

  it('waits until a failure is worth another try, and leaves a final one alone', () => {
    const failed = attempt({ state: 'failed', failures: 1, retryAt: 100 });
    expect(nextActions(desired, failed, 99)).toEqual([{ kind: 'wait', until: 100 }]);
    expect(nextActions(desired, failed, 100)).toMatchObject([{ kind: 'load' }]);
    expect(nextActions(desired, attempt({ state: 'failed', failures: 1 }), 1e9)).toEqual([]);
  });

  it('is unsettled until loaded, or failed for good or for long', () => {
    expect(unsettled(desired, new Map())).toEqual(['a']);
    expect(unsettled(desired, attempt({ revision: 1 }))).toEqual(['a']);
    expect(unsettled(desired, attempt({}))).toEqual([]);
    expect(unsettled(desired, attempt({ state: 'failed', failures: 2, retryAt: 1 }))).toEqual(['a']);
    expect(unsettled(desired, attempt({ state: 'failed', failures: 4, retryAt: 1 }))).toEqual([]);
    expect(isFinal(attempt({ state: 'failed', failures: 1 }).get('a')!)).toBe(true);
  });

  it('backs off', () => {
    expect([1, 2, 3, 8, 30].map(retryDelayMs)).toEqual([250, 500, 1000, 30_000, 30_000]);
  });
});
