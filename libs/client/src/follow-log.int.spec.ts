import type { RunLog, RunLogQuery, RunStatus } from '@millrace/contracts';
import { connectNats, MessagingClient } from '@millrace/messaging/caller';
import { eventually, startNats, type TestNats } from '@millrace/testing';
import { followLog, type FollowLogOptions } from './follow-log.js';

/** Answers as the orchestrator does, from a log that the test writes. */
class Orchestrator {
  readonly lines: string[] = [];
  readonly asked: RunLogQuery[] = [];
  status: RunStatus = 'running';
  #subscription: { unsubscribe(): void } | undefined;

  constructor(private readonly client: MessagingClient) {
    this.come();
  }

  come(): void {
    this.#subscription = this.client.nc.subscribe(this.client.subjects.operation('orchestrator', 'run.log'), {
      callback: (_error, message) => {
        const query = message.json<RunLogQuery>();
        this.asked.push(query);
        message.respond(JSON.stringify(this.answer(query)));
      },
    });
  }

  leave(): void {
    this.#subscription?.unsubscribe();
  }

  write(...lines: string[]): void {
    this.lines.push(...lines);
    this.client.publish(this.client.subjects.log('r1'), { run: 'r1' });
  }

  end(): void {
    this.status = 'succeeded';
    this.write('run succeeded');
  }

  private answer({ after, limit = 5_000 }: RunLogQuery): RunLog {
    const { status } = this;
    const entries = this.lines.map((message, i) => ({ id: i + 1, at: '', level: 'info', message }));
    if (after === undefined)
      return { items: limit === 0 ? [] : entries.slice(-limit), cursor: String(entries.length), status };
    const items = entries.slice(Number(after), Number(after) + limit);
    const cursor = String(Number(after) + items.length);
    return { items, cursor, status, ...(Number(cursor) < entries.length ? { next: cursor } : {}) };
  }
}

const messages = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => `line ${from + i}`);

describe('followLog', () => {
  let nats: TestNats;
  let client: MessagingClient;
  let orchestrator: Orchestrator;
  let seen: string[];

  beforeEach(async () => {
    nats = await startNats();
    client = new MessagingClient(await connectNats({ url: nats.url, name: 'test' }));
    orchestrator = new Orchestrator(client);
    seen = [];
  });
  afterEach(async () => {
    client.close();
    await client.nc.close();
    await nats.stop();
  });

  const follow = async (options: FollowLogOptions = {}): Promise<RunStatus> => {
    const pages = followLog(client, 'r1', options);
    for (;;) {
      const { done, value } = await pages.next();
      if (done) return value;
      seen.push(...value.items.map(({ message }) => message));
    }
  };
  const sees = (count: number) => eventually(() => seen.length >= count);

  it('tells every line once and in order until the run has ended, over a restart of NATS', async () => {
    orchestrator.write(...messages(1, 7));
    const following = follow({ pageLines: 3, resyncMs: 60_000 });
    await sees(7);
    orchestrator.write('line 8');
    await sees(8);
    await nats.restart();
    orchestrator.lines.push('line 9');
    await eventually(() => client.connected);
    orchestrator.end();
    expect(await following).toBe('succeeded');
    expect(seen).toEqual([...messages(1, 9), 'run succeeded']);
    expect(orchestrator.asked.every(({ limit }) => limit === 3)).toBe(true);
  });

  it('begins where it is told to, or with the end', async () => {
    orchestrator.write(...messages(1, 5));
    orchestrator.status = 'failed';
    expect(await follow({ after: '3' })).toBe('failed');
    expect(await follow({ tail: 1 })).toBe('failed');
    expect(await follow({ tail: 0 })).toBe('failed');
    expect(seen).toEqual(['line 4', 'line 5', 'line 5']);
  });

  it('asks for what it was told to look at', async () => {
    orchestrator.end();
    await follow({ step: 'fit', level: 'warn,error' });
    expect(orchestrator.asked).toEqual([
      { run: 'r1', after: '0', limit: 500, step: 'fit', level: 'warn,error' },
    ]);
  });

  it('looks again now and then, should no signal come', async () => {
    const following = follow({ resyncMs: 50 });
    await eventually(() => orchestrator.asked.length > 0);
    orchestrator.lines.push('line 1');
    await sees(1);
    orchestrator.end();
    await following;
  });

  it('reads nothing ahead of who takes it', async () => {
    orchestrator.write(...messages(1, 10));
    const pages = followLog(client, 'r1', { pageLines: 2, resyncMs: 10 });
    expect((await pages.next()).value).toMatchObject({ cursor: '2' });
    for (let i = 0; i < 20; i++) orchestrator.write('more');
    await client.nc.flush();
    expect(orchestrator.asked).toHaveLength(1);
    await pages.return('running');
    await expect(pages.next()).resolves.toMatchObject({ done: true });
  });

  it('waits for an orchestrator that goes away, not for one that was never there', async () => {
    const following = follow({ resyncMs: 20 });
    orchestrator.write('line 1');
    await sees(1);
    orchestrator.leave();
    await expect(follow()).rejects.toMatchObject({ code: 'unavailable' });
    orchestrator.come();
    orchestrator.end();
    expect(await following).toBe('succeeded');
    expect(seen).toEqual(['line 1', 'run succeeded']);
  });

  it('ends when it is told to, whatever it waits for', async () => {
    const stop = new AbortController();
    const following = follow({ signal: stop.signal, resyncMs: 60_000 });
    orchestrator.write('line 1');
    await sees(1);
    stop.abort(new Error('enough'));
    await expect(following).rejects.toThrow('enough');
  });

  it.each(['*', '>', 'a.b', '', 'x'.repeat(65)])('knows no run %s', async (run) => {
    await expect(followLog(client, run).next()).rejects.toMatchObject({ code: 'not_found' });
  });
});
