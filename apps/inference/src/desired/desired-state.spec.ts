import { fromList, isDesired, withChanged, withRemoved, type DesiredEndpoint } from './desired-state.js';

const wanted = (endpoint: string, revision: number): DesiredEndpoint => ({ endpoint, revision, targets: [] });
const artifact = { type: 'model', digest: `sha256:${'0'.repeat(64)}`, size: 1 };
const state = fromList([wanted('a', 3), wanted('b', 1)]);

describe('the desired state', () => {
  it('takes a newer revision and a new endpoint', () => {
    expect([...withChanged(state, wanted('a', 4)).values()]).toEqual([wanted('a', 4), wanted('b', 1)]);
    expect(withChanged(state, wanted('c', 1)).get('c')).toEqual(wanted('c', 1));
  });

  it('ignores what comes late or twice', () => {
    expect(withChanged(state, wanted('a', 3))).toBe(state);
    expect(withChanged(state, wanted('a', 2))).toBe(state);
    expect(withRemoved(state, { endpoint: 'a', revision: 2 })).toBe(state);
    expect(withRemoved(state, { endpoint: 'x', revision: 2 })).toBe(state);
  });

  it('forgets what was removed', () => {
    expect([...withRemoved(state, { endpoint: 'a', revision: 4 }).keys()]).toEqual(['b']);
  });

  it('keeps nothing but what it needs', () => {
    const view = { ...wanted('a', 1), replicas: [], status: 'ready' };
    expect(fromList([view]).get('a')).toEqual(wanted('a', 1));
  });

  it.each([
    null,
    'a',
    {},
    { endpoint: 'a.b', revision: 1, targets: [] },
    { endpoint: 'a', revision: '1', targets: [] },
    { endpoint: 'a', revision: 1, targets: {} },
    { endpoint: 'a', revision: 1, targets: [{ model: 'm', version: 1, weight: 100, artifact: '../m' }] },
    { endpoint: 'a', revision: 1, targets: [{ model: 'm', version: 1, weight: 0, artifact, role: 'star' }] },
  ])('takes no %j for an endpoint', (value) => {
    expect(isDesired(value)).toBe(false);
    expect(isDesired(wanted('a', 1))).toBe(true);
  });
});
