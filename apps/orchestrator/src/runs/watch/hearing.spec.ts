import type { MessagingClient } from '@millrace/messaging';
import { OrchestratorEnv } from '../../config/orchestrator.env.js';
import { Hearing } from './hearing.js';

const setUp = () => {
  const server = { connected: true, flush: () => Promise.resolve() };
  const client = {
    get connected() {
      return server.connected;
    },
    nc: { flush: () => server.flush() },
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
});
