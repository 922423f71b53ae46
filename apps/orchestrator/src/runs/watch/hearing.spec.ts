import { DomainError, subjectsOf, type ErrorCode } from '@millrace/contracts';
import type { MessagingClient } from '@millrace/messaging';
import { OrchestratorEnv } from '../../config/orchestrator.env.js';
import { Hearing } from './hearing.js';

const setUp = () => {
  const server = {
    connected: true,
    flush: () => Promise.resolve(),
    probed: (_: string) => Promise.resolve({}) as Promise<unknown>,
  };
  const client = {
    get connected() {
      return server.connected;
    },
    nc: { flush: () => server.flush() },
    subjects: subjectsOf(),
    requestRaw: (subject: string) => server.probed(subject),
  } as unknown as MessagingClient;
  const clock = { now: 0 };
  const hearing = new Hearing(new OrchestratorEnv(), client, () => clock.now);
  const after = (ms: number) => {
    clock.now += ms;
    return hearing.ask();
  };
  return { server, hearing, after };
};

describe('Hearing', () => {
  it('hears while it is connected and asks in time', () => {
    const { after } = setUp();
    expect([after(1_000), after(1_100), after(2_900)]).toEqual(['yes', 'yes', 'yes']);
  });

  it('begins again after a time without NATS', () => {
    const { after, server } = setUp();
    server.connected = false;
    expect([after(1_000), after(1_000)]).toEqual(['no', 'no']);
    server.connected = true;
    expect([after(1_000), after(1_000)]).toEqual(['again', 'yes']);
  });

  it('begins again after a standstill of the process', () => {
    const { after } = setUp();
    expect([after(60_000), after(1_000)]).toEqual(['again', 'yes']);
  });

  it('does not believe a connection whose other end is silent', async () => {
    const { after, hearing, server } = setUp();
    expect(await hearing.confirm()).toBe(true);
    server.flush = () => Promise.reject(new Error('gone'));
    expect(await hearing.confirm()).toBe(false);
    expect([after(1_000), after(1_000)]).toEqual(['again', 'yes']);
  });

  it('takes a worker for dead only when nobody has its subject any more', async () => {
    const { hearing, server } = setUp();
    const lease = { running: true, probe: 'p1' };
    const crash = { crash: { limit: new OrchestratorEnv().STEP_MAX_CRASHES } };
    const fails = (code: ErrorCode) => () => Promise.reject(new DomainError(code, 'no'));
    expect(await hearing.crashOf(lease)).toEqual({});
    server.probed = fails('deadline_exceeded');
    expect(await hearing.crashOf(lease)).toEqual({});
    server.probed = (subject) =>
      subject === 'millrace.v1.probe.p1' ? fails('unavailable')() : Promise.resolve({});
    expect(await hearing.crashOf(lease)).toEqual(crash);
    expect(await hearing.crashOf({ running: true, probe: undefined })).toEqual({});
    expect(await hearing.crashOf({ ...lease, running: false })).toEqual({});
    // Perhaps it is we whom nobody hears.
    server.connected = false;
    expect(await hearing.crashOf(lease)).toEqual({});
  });
});
