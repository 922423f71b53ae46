import type { EventMap, Progress, RunView, StepView } from '@millrace/contracts';
import { connectNats, decodeJson, encodeJson, MessagingClient } from '@millrace/messaging/caller';
import { eventually, startNats, type TestNats } from '@millrace/testing';
import { followRun } from './follow-run.js';
import type { RunChange } from './run-changes.js';

const step = (name: string, status: StepView['status'], attempt = 1): StepView => ({
  step: name,
  component: 'transform.fit',
  status,
  attempt,
  outputs: {},
  metrics: {},
});

const holds = (assertion: () => void) => eventually(() => (assertion(), true));

/** Answers as the orchestrator does, from a view that the test changes. */
class Orchestrator {
  view: RunView = {
    run: 'r1',
    pipeline: 'flights',
    pipelineVersion: 1,
    status: 'running',
    params: {},
    steps: [step('a', 'running')],
    createdAt: '2026-01-01T00:00:00Z',
  };
  /** Steps that are not in the view, two on a page; where there are any, the view says that there is more. */
  rest: StepView[] = [];
  reads = 0;
  /** What to do before the answer to a read is sent. */
  beforeAnswer = (): void => {};

  constructor(private readonly client: MessagingClient) {
    client.nc.subscribe(client.subjects.operation('orchestrator', 'run.get'), {
      callback: (_error, message) => {
        this.reads += 1;
        const answer = encodeJson({ ...this.view, ...(this.rest.length > 0 ? { next: '0' } : {}) });
        this.beforeAnswer();
        message.respond(answer);
      },
    });
  }

  servesRest(): void {
    this.client.nc.subscribe(this.client.subjects.operation('orchestrator', 'step.list'), {
      callback: (_error, message) => {
        const from = Number((decodeJson(message.data) as { after: string }).after);
        const next = from + 2 < this.rest.length ? { next: String(from + 2) } : {};
        message.respond(encodeJson({ items: this.rest.slice(from, from + 2), ...next }));
      },
    });
  }

  emit<T extends keyof EventMap>(type: T, data: EventMap[T]): void {
    this.client.publish(this.client.subjects.event(type), {
      specversion: '1.0',
      id: String(Math.random()),
      type,
      data,
    });
  }

  moves(name: string, status: StepView['status'], attempt = 1): void {
    const steps = this.view.steps.filter((s) => s.step !== name);
    this.view = { ...this.view, steps: [...steps, step(name, status, attempt)] };
    this.emit('orchestrator.step.changed', {
      run: 'r1',
      step: name,
      component: 'transform.fit',
      status,
      attempt,
    });
  }

  ends(status: RunView['status']): void {
    this.view = { ...this.view, status };
    this.emit('orchestrator.run.changed', { run: 'r1', pipeline: 'flights', status });
  }
}

describe('followRun', () => {
  let nats: TestNats;
  let client: MessagingClient;
  let orchestrator: Orchestrator;
  let changes: RunChange[];
  const onChange = (change: RunChange) => void changes.push(change);
  const told = () =>
    changes.map((change) =>
      change.kind === 'step'
        ? `${change.step.step} ${change.step.status} ${change.step.attempt}`
        : change.kind === 'progress'
          ? `${change.progress.step} ${change.progress.fraction}`
          : `${change.kind} ${change.run.status}`,
    );

  beforeAll(async () => {
    nats = await startNats({ jetstream: false });
  });
  afterAll(() => nats.stop());
  beforeEach(async () => {
    client = new MessagingClient(await connectNats({ url: nats.url, name: 'test' }));
    orchestrator = new Orchestrator(client);
    await client.nc.flush();
    changes = [];
  });
  afterEach(() => client.nc.close());

  it('tells the run as it is, then every transition and progress, and returns how it ended', async () => {
    const following = followRun(client, 'r1', { onChange });
    await holds(() => expect(told()).toEqual(['snapshot running']));
    const progress: Progress = { run: 'r1', step: 'a', token: 1, worker: 'w', fraction: 0.5, at: 1 };
    client.publish(client.subjects.progress('r1', 'a'), progress);
    orchestrator.moves('a', 'succeeded');
    orchestrator.moves('b', 'queued');
    orchestrator.moves('b', 'failed');
    orchestrator.ends('failed');
    await expect(following).resolves.toMatchObject({ run: 'r1', status: 'failed' });
    expect(told()).toEqual([
      'snapshot running',
      'a 0.5',
      'a succeeded 1',
      'b queued 1',
      'b failed 1',
      'run failed',
    ]);
  });

  it('loses nothing that happens while the first answer is under way, and tells nothing that the answer told', async () => {
    orchestrator.beforeAnswer = () => {
      orchestrator.beforeAnswer = () => {};
      orchestrator.emit('orchestrator.step.changed', {
        run: 'r1',
        step: 'a',
        component: 'transform.fit',
        status: 'running',
        attempt: 1,
      });
      orchestrator.moves('a', 'waiting');
      orchestrator.moves('a', 'queued', 2);
    };
    const following = followRun(client, 'r1', { onChange });
    await holds(() => expect(told()).toEqual(['snapshot running', 'a waiting 1', 'a queued 2']));
    orchestrator.ends('cancelled');
    await following;
  });

  it('tells the steps that have no room in the run, as transitions, whatever events get lost', async () => {
    orchestrator.servesRest();
    await client.nc.flush();
    orchestrator.rest = [
      step('b[0]', 'succeeded'),
      step('b[1]', 'running'),
      step('b[2]', 'queued'),
      step('b[3]', 'waiting', 0),
      step('b[4]', 'waiting', 0),
    ];
    const following = followRun(client, 'r1', { onChange, resyncMs: 20 });
    await holds(() =>
      expect(told()).toEqual(['snapshot running', 'b[0] succeeded 1', 'b[1] running 1', 'b[2] queued 1']),
    );
    orchestrator.rest = orchestrator.rest.map(({ step: name }) => step(name, 'succeeded'));
    orchestrator.view = { ...orchestrator.view, status: 'succeeded' };
    await expect(following).resolves.toMatchObject({ status: 'succeeded', next: '0' });
    expect(told().slice(4)).toEqual([
      ...['b[1]', 'b[2]', 'b[3]', 'b[4]'].map((name) => `${name} succeeded 1`),
      'run succeeded',
    ]);
  });

  it('makes up for events that got lost, in the middle and at the end', async () => {
    const following = followRun(client, 'r1', { onChange, resyncMs: 50 });
    await holds(() => expect(told()).toHaveLength(1));
    orchestrator.view = { ...orchestrator.view, steps: [step('a', 'succeeded')] };
    await holds(() => expect(told()).toEqual(['snapshot running', 'a succeeded 1']));
    orchestrator.view = { ...orchestrator.view, status: 'succeeded' };
    await following;
    expect(told()).toEqual(['snapshot running', 'a succeeded 1', 'run succeeded']);
  });

  it('does not end before the steps are told, even when their events are lost', async () => {
    const following = followRun(client, 'r1', { onChange });
    await holds(() => expect(told()).toHaveLength(1));
    orchestrator.view = { ...orchestrator.view, steps: [step('a', 'succeeded')] };
    orchestrator.ends('succeeded');
    await following;
    expect(told()).toEqual(['snapshot running', 'run succeeded', 'a succeeded 1']);
  });

  it('tells of no other run', async () => {
    const following = followRun(client, 'r1', { onChange });
    await holds(() => expect(told()).toHaveLength(1));
    orchestrator.emit('orchestrator.run.changed', { run: 'r2', pipeline: 'flights', status: 'failed' });
    orchestrator.ends('succeeded');
    await following;
    expect(told()).toEqual(['snapshot running', 'run succeeded']);
  });

  it('refuses what is no run, and never follows a wildcard', async () => {
    await expect(followRun(client, '>', { onChange })).rejects.toMatchObject({ code: 'not_found' });
    await expect(followRun(client, 'a.*', { onChange })).rejects.toMatchObject({ code: 'not_found' });
    expect(orchestrator.reads).toBe(0);
  });

  it('says so when nobody answers', async () => {
    const other = new MessagingClient(client.nc, { prefix: 'nobody' });
    await expect(followRun(other, 'r1', { onChange })).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('stops by its signal and leaves no subscription', async () => {
    const stop = new AbortController();
    const following = followRun(client, 'r1', { onChange, signal: stop.signal });
    await holds(() => expect(told()).toHaveLength(1));
    stop.abort(new Error('enough'));
    await expect(following).rejects.toThrow('enough');
    orchestrator.ends('succeeded');
    await client.nc.flush();
    expect(decodeJson(encodeJson(told()))).toEqual(['snapshot running']);
  });

  it('goes on after NATS was away', async () => {
    const following = followRun(client, 'r1', { onChange, resyncMs: 100 });
    await holds(() => expect(told()).toHaveLength(1));
    await nats.restart();
    orchestrator.view = { ...orchestrator.view, status: 'succeeded', steps: [step('a', 'succeeded')] };
    await expect(following).resolves.toMatchObject({ status: 'succeeded' });
    expect(told()).toEqual(['snapshot running', 'a succeeded 1', 'run succeeded']);
  });
});
