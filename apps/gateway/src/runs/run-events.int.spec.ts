import { NotFound, type EventMap, type RunView, type StepView } from '@millrace/contracts';
import { eventually } from '@millrace/testing';
import { Events } from '../testing/events.js';
import { RawHttp } from '../testing/raw-http.js';
import { TestGateway } from '../testing/gateway.js';

const step = (name: string, status: StepView['status']): StepView => ({
  step: name,
  component: 'transform.fit',
  status,
  attempt: 1,
  outputs: {},
  metrics: {},
});

describe('the events of a run', () => {
  let gateway: TestGateway;
  let view: RunView;
  const follow = async (run = 'r1', headers: Record<string, string> = {}) =>
    new Events(await gateway.fetch(`/v1/runs/${run}/events`, { headers }));
  const emit = <T extends keyof EventMap>(type: T, data: EventMap[T]) =>
    gateway.client.publish(gateway.client.subjects.event(type), { specversion: '1.0', type, data });
  const moves = (name: string, status: StepView['status'], padding?: string) => {
    view = { ...view, steps: [...view.steps.filter((s) => s.step !== name), step(name, status)] };
    const metrics = padding === undefined ? {} : { [padding]: 1 };
    emit('orchestrator.step.changed', {
      run: 'r1',
      step: name,
      component: 'transform.fit',
      status,
      attempt: 1,
      metrics,
    });
  };
  const ends = (status: RunView['status']) => {
    view = { ...view, status };
    emit('orchestrator.run.changed', { run: 'r1', pipeline: 'flights', status });
  };

  beforeAll(async () => {
    gateway = await TestGateway.start({ HTTP_MAX_EVENT_STREAMS: '2' });
    await gateway.answer('orchestrator.run.get', (message) => {
      const { run } = message.json<{ run: string }>();
      if (run !== 'r1') throw new NotFound('run', run);
      return view;
    });
  });
  beforeEach(() => {
    view = {
      run: 'r1',
      pipeline: 'flights',
      pipelineVersion: 1,
      status: 'running',
      params: {},
      steps: [step('a', 'running')],
      createdAt: '2026-01-01T00:00:00Z',
    };
  });
  afterAll(() => gateway.stop());

  it('begin with the run as it is, go on with what changes, and end with it', async () => {
    const events = await follow();
    expect(events.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(events.response.headers.get('cache-control')).toBe('no-store');
    expect(events.response.headers.get('x-content-type-options')).toBe('nosniff');
    await eventually(() => events.seen.length === 1);
    expect(events.seen[0]).toEqual({
      id: undefined,
      event: 'snapshot',
      data: JSON.parse(JSON.stringify(view)) as object,
    });
    gateway.client.publish(gateway.client.subjects.progress('r1', 'a'), {
      run: 'r1',
      step: 'a',
      token: 1,
      worker: 'w',
      fraction: 0.5,
      at: 1,
    });
    moves('a', 'succeeded');
    ends('succeeded');
    await events.ended;
    expect(events.names()).toEqual([
      'snapshot running',
      'progress 0.5',
      'step succeeded',
      'run succeeded',
      'end succeeded',
    ]);
  });

  it('of a run that has ended are its end', async () => {
    view = { ...view, status: 'failed' };
    const events = await follow();
    await events.ended;
    expect(events.names()).toEqual(['snapshot failed', 'end failed']);
    expect(events.seen.at(-1)).toEqual({ id: 'end', event: 'end', data: { run: 'r1', status: 'failed' } });
  });

  it('are no more for a browser that saw the end and comes back', async () => {
    const { response } = await follow('r1', { 'Last-Event-ID': 'end' });
    expect(response.status).toBe(204);
  });

  it.each(['r2', '*', '%3E', 'r1.a'])('of %s do not exist', async (run) => {
    const { response } = await follow(run);
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  });

  it('are limited in number, and given back when a client goes', async () => {
    const aborts = [new AbortController(), new AbortController()];
    await Promise.all(aborts.map(({ signal }) => gateway.fetch('/v1/runs/r1/events', { signal })));
    const refused = await gateway.fetch('/v1/runs/r1/events');
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([503, 'overloaded']);
    aborts.forEach((abort) => abort.abort());
    const again = await eventually(async () => {
      const response = await gateway.fetch('/v1/runs/r1/events');
      return response.status === 200 && response;
    });
    ends('cancelled');
    await new Events(again).ended;
  });

  it('hold nothing of clients that went before the run was read', async () => {
    const other = await TestGateway.start({ HTTP_MAX_EVENT_STREAMS: '1' });
    let reads = 0;
    other.client.nc.subscribe('millrace.v1.orchestrator.run.get', {
      // The first is never answered.
      callback: (_error, message) => void (reads++ > 0 && message.respond(JSON.stringify(view))),
    });
    await other.client.nc.flush();
    const hasty = new RawHttp(other.port).write('GET /v1/runs/r1/events HTTP/1.1', 'Host: localhost', '', '');
    await eventually(() => reads === 1);
    hasty.close();
    // Sooner than the read that the first one waits for would have been given up.
    const again = await eventually(
      async () => {
        const response = await other.fetch('/v1/runs/r1/events');
        return response.status === 200 && response;
      },
      { timeoutMs: 3_000 },
    );
    await other.stop();
    await new Events(again).ended;
  });

  it('are cut off for a client that does not read, while others go on', async () => {
    const stuck = new RawHttp(gateway.port).write(
      'GET /v1/runs/r1/events HTTP/1.1',
      'Host: localhost',
      '',
      '',
    );
    await eventually(() => stuck.received.includes('snapshot'));
    stuck.pause();
    const events = await follow();
    await eventually(() => events.seen.length === 1);
    // More than the sockets' buffers and the gateway's bound together.
    const padding = 'x'.repeat(60_000);
    for (let n = 0; n < 300; n++) {
      moves(`s${n}`, 'succeeded', padding);
      if (n % 20 === 0) await gateway.client.nc.flush();
      await eventually(() => events.seen.length >= n - 20);
    }
    await eventually(() => events.seen.length === 301);
    const free = await eventually(async () => {
      const response = await gateway.fetch('/v1/runs/r1/events');
      return response.status === 200 && response;
    });
    ends('succeeded');
    await Promise.all([events.ended, new Events(free).ended]);
    expect(events.names().at(-1)).toBe('end succeeded');
    stuck.close();
  });

  it('end when the gateway stops, so that a client can go to another', async () => {
    const other = await TestGateway.start();
    await other.answer('orchestrator.run.get', () => view);
    const events = new Events(await other.fetch('/v1/runs/r1/events'));
    await eventually(() => events.seen.length === 1);
    await other.stop();
    await events.ended;
    expect(events.names()).toEqual(['snapshot running']);
  });
});
