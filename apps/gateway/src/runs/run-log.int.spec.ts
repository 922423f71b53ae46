import { NotFound, type RunLog, type RunLogQuery, type RunStatus } from '@millrace/contracts';
import { eventually } from '@millrace/testing';
import { Events } from '../testing/events.js';
import { TestGateway } from '../testing/gateway.js';
import { RawHttp } from '../testing/raw-http.js';

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => String(from + i));

describe("a run's log as a stream", () => {
  let gateway: TestGateway;
  let lines: string[];
  let status: RunStatus;
  let asked: RunLogQuery[];

  const read = ({ run, after, limit = 5_000 }: RunLogQuery): RunLog => {
    if (run !== 'r1') throw new NotFound('run', run);
    const entries = lines.map((message, i) => ({
      id: i + 1,
      at: '2026-01-01T00:00:00Z',
      level: 'info',
      message,
    }));
    const all =
      after === undefined ? entries.slice(Math.max(0, entries.length - limit)) : entries.slice(Number(after));
    const items = all.slice(0, limit);
    const cursor = String(items.at(-1)?.id ?? after ?? entries.length);
    return { items, cursor, status, ...(Number(cursor) < lines.length ? { next: cursor } : {}) };
  };
  const write = (...more: string[]): void => {
    lines.push(...more);
    gateway.client.publish(gateway.client.subjects.log('r1'), { run: 'r1' });
  };
  const end = (): void => {
    status = 'failed';
    write('run failed');
  };
  const open = (query = '', headers: Record<string, string> = {}) =>
    gateway.fetch(`/v1/runs/r1/log/stream${query}`, { headers });
  const follow = async (query = '', headers: Record<string, string> = {}) =>
    new Events(await open(query, headers));
  const ids = (events: Events) => events.seen.map(({ id, event }) => `${event} ${String(id)}`);

  beforeAll(async () => {
    gateway = await TestGateway.start({ HTTP_MAX_EVENT_STREAMS: '2' });
    await gateway.answer('orchestrator.run.log', (message) => {
      const query = message.json<RunLogQuery>();
      asked.push(query);
      return read(query);
    });
  });
  beforeEach(() => {
    lines = [];
    asked = [];
    status = 'running';
  });
  afterAll(() => gateway.stop());

  it('begins at once, tells each line with its id, and ends with the run', async () => {
    const events = await follow();
    expect(events.response.status).toBe(200);
    expect(events.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    write('a\nb', 'c');
    await eventually(() => events.seen.length === 2);
    end();
    await events.ended;
    expect(events.seen).toEqual([
      { id: '1', event: 'line', data: { id: 1, at: '2026-01-01T00:00:00Z', level: 'info', message: 'a\nb' } },
      expect.objectContaining({ id: '2' }),
      expect.objectContaining({ id: '3' }),
      { id: 'end', event: 'end', data: { run: 'r1', status: 'failed' } },
    ]);
  });

  it('goes on behind the line that a client that comes back has seen, whatever its address says', async () => {
    write(...numbers(1, 5));
    end();
    const back = await follow('?tail=1&step=fit', { 'Last-Event-ID': '3' });
    await back.ended;
    expect(ids(back)).toEqual(['line 4', 'line 5', 'line 6', 'end end']);
    expect(asked[0]).toMatchObject({ run: 'r1', step: 'fit', after: '3' });
    expect((await open('', { 'Last-Event-ID': 'end' })).status).toBe(204);
  });

  it.each([
    ['?after=4', ['line 5', 'line 6', 'end end']],
    ['?tail=2', ['line 5', 'line 6', 'end end']],
    ['?tail=0', ['end end']],
  ])('begins where %s says', async (query, expected) => {
    write(...numbers(1, 5));
    end();
    const events = await follow(query);
    await events.ended;
    expect(ids(events)).toEqual(expected);
  });

  it.each([
    ['?tail=many', 'tail'],
    ['?tail=5001', 'tail'],
    ['?tail=1&after=2', 'tail'],
    ['?lines=5', 'lines'],
    ['?step=a&step=b', 'step'],
    ['?__proto__=1', '__proto__'],
  ])('names what is wrong with %s', async (query, field) => {
    const response = await open(query);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(await response.json()).toMatchObject({ errors: [{ field }] });
  });

  it('names an id that is none, and knows no run that is none', async () => {
    expect(await (await open('', { 'Last-Event-ID': 'x' })).json()).toMatchObject({
      errors: [{ field: 'Last-Event-ID' }],
    });
    for (const run of ['r2', '*', '%3E'])
      expect((await gateway.fetch(`/v1/runs/${run}/log/stream`)).status).toBe(404);
  });

  it('counts with the other streams', async () => {
    const aborts = [new AbortController(), new AbortController()];
    await Promise.all(aborts.map(({ signal }) => gateway.fetch('/v1/runs/r1/log/stream', { signal })));
    expect((await open()).status).toBe(503);
    aborts.forEach((abort) => abort.abort());
    end();
    await eventually(async () => (await open()).status === 200);
  });

  it('reads no more for a client that does not read, and loses nothing for it', async () => {
    const stuck = new RawHttp(gateway.port).write(
      'GET /v1/runs/r1/log/stream HTTP/1.1',
      'Host: localhost',
      '',
      '',
    );
    await eventually(() => stuck.received.includes('text/event-stream'));
    stuck.pause();
    // More than the sockets' buffers hold.
    const padding = 'x'.repeat(4_000);
    for (let n = 1; n <= 6_000; n += 200) write(...numbers(n, n + 199).map((line) => `${line} ${padding}`));
    await eventually(() => asked.length > 2);
    const other = await follow('?after=5999');
    await eventually(() => other.seen.length === 1);
    for (let n = 0; n < 20; n++) {
      write('more');
      await eventually(() => other.seen.length === 2 + n);
    }
    // Of thirty pages: what the buffers took.
    expect(asked.filter(({ after }) => Number(after) < 5_999).length).toBeLessThan(25);
    end();
    await other.ended;
    stuck.resume();
    await eventually(() => stuck.received.includes('event: end'));
    const told = [...stuck.received.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
    expect(told).toEqual(Array.from({ length: 6_021 }, (_, i) => i + 1));
    stuck.close();
  });

  it('ends when the gateway stops, so that a client can go to another', async () => {
    const other = await TestGateway.start();
    await other.answer('orchestrator.run.log', (message) => read(message.json()));
    const events = new Events(await other.fetch('/v1/runs/r1/log/stream'));
    await other.stop();
    await events.ended;
    expect(events.seen).toEqual([]);
  });
});
