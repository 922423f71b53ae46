import type { ArtifactRef } from '@millrace/contracts';
import type { LoadedModel } from './loaded-model.js';
import { ModelPool } from './model-pool.js';

const artifact = (digest: string): ArtifactRef => ({ type: 'model', digest, size: 1 });

const setUp = () => {
  const log: string[] = [];
  const state = { broken: false };
  const pool = new ModelPool({
    load: async (ref) => {
      if (state.broken) throw new Error('broken');
      log.push(`load ${ref.digest}`);
      const close = async () => void log.push(`close ${ref.digest}`);
      return { artifact: ref, close } as unknown as LoadedModel;
    },
    close: () => log.push('close'),
  });
  return { log, state, pool };
};

describe('ModelPool', () => {
  it('loads a model once, and closes it with its last user', async () => {
    const { log, pool } = setUp();
    const [one, two] = await Promise.all([pool.acquire(artifact('a')), pool.acquire(artifact('a'))]);
    expect(one).toBe(two);
    expect([pool.has(artifact('a')), pool.has(artifact('b'))]).toEqual([true, false]);
    await pool.release(one);
    expect(log).toEqual(['load a']);
    await pool.release(two);
    expect(log).toEqual(['load a', 'close a']);
    expect(pool.has(artifact('a'))).toBe(false);
    await pool.release(two);
    await pool.acquire(artifact('a'));
    expect(log).toEqual(['load a', 'close a', 'load a']);
  });

  it('loads it again for another way to execute it', async () => {
    const { log, pool } = setUp();
    const [one, two] = [
      await pool.acquire(artifact('a')),
      await pool.acquire(artifact('a'), { runners: 2, timeoutMs: 1 }),
    ];
    expect(one).not.toBe(two);
    expect(await pool.acquire(artifact('a'), { timeoutMs: 1, runners: 2 })).toBe(two);
    await pool.release(one);
    expect(log).toEqual(['load a', 'load a', 'close a']);
  });

  it('forgets what could not be loaded', async () => {
    const { log, state, pool } = setUp();
    state.broken = true;
    await expect(pool.acquire(artifact('a'))).rejects.toThrow('broken');
    state.broken = false;
    await pool.release(await pool.acquire(artifact('a')));
    expect(log).toEqual(['load a', 'close a']);
  });
});
