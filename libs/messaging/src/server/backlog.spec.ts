import { Backlog } from './backlog.js';

const setUp = () => {
  const pongs: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const clock = { ms: 1_000 };
  const ping = () => new Promise<void>((resolve, reject) => pongs.push({ resolve, reject }));
  return { pongs, clock, backlog: new Backlog(ping, () => clock.ms) };
};

describe('Backlog', () => {
  it('knows nothing at first; what is read before the PONG was there before the PING', () => {
    const { clock, backlog } = setUp();
    expect(backlog.provenMs()).toBe(0);
    clock.ms += 250;
    expect(backlog.provenMs()).toBe(250);
    clock.ms += 50;
    expect(backlog.provenMs()).toBe(300);
  });

  it('knows nothing of what is read after the PONG, and rests before it asks again', async () => {
    const { pongs, clock, backlog } = setUp();
    backlog.provenMs();
    clock.ms += 250;
    pongs[0]!.resolve();
    await Promise.resolve();
    expect(backlog.provenMs()).toBe(0);
    clock.ms += 99;
    expect([backlog.provenMs(), pongs.length]).toEqual([0, 1]);
    clock.ms += 1;
    expect([backlog.provenMs(), pongs.length]).toEqual([0, 2]);
  });

  it('forgets what a lost connection owed', async () => {
    const { pongs, clock, backlog } = setUp();
    backlog.provenMs();
    pongs[0]!.reject(new Error('disconnected'));
    await Promise.resolve();
    clock.ms += 60_000;
    expect(backlog.provenMs()).toBe(0);
  });
});
