import { eventually } from './eventually.js';

describe('eventually', () => {
  it('returns the first value that is neither false nor undefined', async () => {
    let calls = 0;
    expect(await eventually(() => (++calls < 3 ? undefined : calls))).toBe(3);
  });

  it('throws the last error when time is up', async () => {
    const attempt = () => Promise.reject(new Error('still down'));
    await expect(eventually(attempt, { timeoutMs: 30 })).rejects.toThrow('still down');
  });

  it('names the condition that never held', async () => {
    await expect(eventually(() => false, { timeoutMs: 30, what: 'the tide' })).rejects.toThrow(
      'the tide did not hold',
    );
  });
});
