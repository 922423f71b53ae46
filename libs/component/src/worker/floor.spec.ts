import { Floor } from './floor.js';

const forEver = new AbortController().signal;
/** Has it resolved, once all that can happen now has happened? */
const settled = async (work: Promise<unknown>): Promise<boolean> => {
  let done = false;
  void work.then(
    () => (done = true),
    () => (done = true),
  );
  await new Promise((resolve) => setImmediate(resolve));
  return done;
};

describe('Floor', () => {
  it('lets ordinary tasks run beside each other', async () => {
    const floor = new Floor();
    await floor.enter(forEver);
    await floor.enter(forEver);
    expect(await settled(floor.opened(forEver))).toBe(true);
  });

  it('begins a suspect when all else has ended, and nothing beside it', async () => {
    const floor = new Floor();
    const leave = await floor.enter(forEver);
    const alone = floor.enterAlone(forEver, 60_000);
    expect(await settled(alone)).toBe(false);
    const next = floor.enter(forEver);
    leave();
    const leaveAlone = await alone;
    expect([await settled(next), await settled(floor.opened(forEver))]).toEqual([false, false]);
    leaveAlone();
    await next;
  });

  it('runs one suspect after the other', async () => {
    const floor = new Floor();
    const leave = await floor.enterAlone(forEver, 60_000);
    const second = floor.enterAlone(forEver, 0);
    const ordinary = floor.enter(forEver);
    expect(await settled(second)).toBe(false);
    leave();
    const leaveSecond = await second;
    expect(await settled(ordinary)).toBe(false);
    leaveSecond();
    await ordinary;
  });

  it.each(['at once', 'when another one ends'])(
    'runs suspects that may begin together %s one by one',
    async (when) => {
      const floor = new Floor();
      const leave = when === 'at once' ? () => undefined : await floor.enter(forEver);
      const both = [floor.enterAlone(forEver, 60_000), floor.enterAlone(forEver, 60_000)];
      leave();
      expect(await Promise.all(both.map(settled))).toEqual([true, false]);
      (await both[0])?.();
      expect(await settled(Promise.all(both))).toBe(true);
    },
  );

  it('does not wait for ever for what goes on and on', async () => {
    const floor = new Floor();
    await floor.enter(forEver);
    await floor.enterAlone(forEver, 1);
  });

  it('lets go of who gives up', async () => {
    const floor = new Floor();
    const leave = await floor.enter(forEver);
    const gone = new AbortController();
    const alone = floor.enterAlone(gone.signal, 60_000);
    gone.abort(new Error('stopping'));
    await expect(alone).rejects.toThrow('stopping');
    const next = await floor.enter(forEver);
    leave();
    next();
    const leaveAlone = await floor.enterAlone(forEver, 60_000);
    await expect(floor.enter(gone.signal)).rejects.toThrow('stopping');
    leaveAlone();
    await floor.enter(forEver);
  });
});
