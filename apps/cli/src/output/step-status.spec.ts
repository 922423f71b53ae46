import { stepStatus } from './step-status.js';

describe('the status of a step', () => {
  it.each([
    ['succeeded', undefined, 'succeeded'],
    ['running', {}, 'running'],
    ['running', { succeeded: 9990, failed: 1, queued: 9 }, 'running (9 queued, 9990 succeeded, 1 failed)'],
  ] as const)('%s with %j is said as %s', (status, instances, said) => {
    expect(stepStatus({ status, ...(instances ? { instances } : {}) })).toBe(said);
  });
});
