import { statusOf } from './status-of.js';

const ready = (revision: number) => ({ revision, state: 'ready' as const });
const failed = (revision: number) => ({ revision, state: 'failed' as const });

describe('the status of an endpoint', () => {
  it.each([
    ['pending', []],
    ['pending', [ready(1), failed(1)]],
    ['ready', [ready(2)]],
    ['ready', [ready(2), ready(1), failed(1)]],
    ['failed', [failed(2), ready(2)]],
  ])('is %s for %j at revision 2', (status, replicas) => {
    expect(statusOf(2, replicas)).toBe(status);
  });
});
