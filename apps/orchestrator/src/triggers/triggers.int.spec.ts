import {
  runList,
  triggerList,
  type DatasetVersionView,
  type RunView,
  type TriggerView,
} from '@millrace/contracts';
import { EventBus, makeEvent } from '@millrace/messaging';
import { startService } from '@millrace/service';
import { eventually, withDatabases } from '@millrace/testing';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { headers } from '@nats-io/transport-node';
import { orchestratorService } from '../service.js';
import { TestBed } from '../testing/test-bed.js';

const pipeline = (name: string, ...triggers: string[]) =>
  [
    `name: ${name}`,
    'params: { value: { type: integer, default: 1 }, text: { type: string, default: none } }',
    `triggers:`,
    ...triggers.map((trigger) => `  - ${trigger}`),
    "steps: { a: { component: test.add, params: { value: '${{ params.value }}' } } }",
  ].join('\n');

withDatabases((database) => {
  describe('triggers', () => {
    let bed: TestBed;
    let events: EventBus;
    beforeAll(async () => {
      bed = await TestBed.start(database, { TRIGGER_BURST: '5', TRIGGER_DEPTH: '3', RECONCILE_MS: '100' });
      events = new EventBus(bed.client);
    });
    afterAll(() => bed[Symbol.asyncDispose]());

    const runsOf = async (name: string): Promise<RunView[]> =>
      (await bed.call(runList, { pipeline: name })).items;
    const triggerOf = async (name: string): Promise<TriggerView> => {
      const [found] = (await bed.call(triggerList, { pipeline: name })).items;
      if (!found) throw new Error(`no trigger of ${name}`);
      return found;
    };
    const listens = (name: string, delivery: string) =>
      eventually(async () => (await triggerOf(name)).delivery === delivery, { what: `${name} to listen` });
    const fired = (name: string, count: number) =>
      eventually(async () => (await triggerOf(name)).fired === count, { what: `${count} runs of ${name}` });
    const dataset = (name: string, version: number, id?: string) =>
      makeEvent(
        'ingestion.dataset.created',
        'ingestion',
        { name, version } as DatasetVersionView,
        id === undefined ? {} : { id },
      );
    const flush = () => bed.client.nc.flush();
    /** Made after all triggers that exist, so when it has fired, what was published before has been seen. */
    const barrier = async (name: string) => {
      await bed.submit(
        pipeline(name, `{ event: ingestion.dataset.created, when: "event.data.name == '${name}'" }`),
      );
      await events.publish(dataset(name, 1));
      await fired(name, 1);
    };

    it('starts a run for each event that the filter lets through, with values of the event', async () => {
      await events.publish(dataset('flights', 1));
      await bed.submit(
        pipeline(
          'on-dataset',
          `{ event: ingestion.dataset.created, when: "event.data.name == 'flights'", params: { value: '\${{ event.data.version }}', text: 'v\${{ event.data.version + 1 }}' } }`,
        ),
      );
      const event = dataset('flights', 7);
      await events.publish(event);
      await events.publish(dataset('cars', 8));
      await fired('on-dataset', 1);
      await barrier('barrier-dataset');
      const [run, ...others] = await runsOf('on-dataset');
      expect(others).toEqual([]);
      expect(run).toMatchObject({ params: { value: 7, text: 'v8' } });
      expect(await bed.finished(run?.run ?? '')).toMatchObject({ status: 'succeeded' });
      expect(await triggerOf('on-dataset')).toMatchObject({
        lastRun: run?.run,
        delivery: 'durable',
        refused: 0,
      });
    });

    it('starts one run for an event that is delivered again', async () => {
      await bed.submit(
        pipeline('again', `{ event: ingestion.dataset.created, when: "event.data.name == 'again'" }`),
      );
      await events.publish(dataset('again', 1, 'the-same'));
      await fired('again', 1);
      // As if JetStream had forgotten what was taken.
      const manager = await jetstreamManager(bed.client.nc);
      await manager.consumers.delete('MILLRACE_EVENTS', 'orchestrator-triggers_ingestion_dataset_created');
      await barrier('barrier-again');
      expect(await runsOf('again')).toHaveLength(1);
      expect(await triggerOf('again')).toMatchObject({ fired: 1, refused: 0 });
    }, 30_000);

    it('starts runs for events of the time without an orchestrator', async () => {
      await bed.submit(
        pipeline('later', `{ event: ingestion.dataset.created, when: "event.data.name == 'later'" }`),
      );
      await listens('later', 'durable');
      await bed.orchestrator?.stop();
      await events.publish(dataset('later', 1));
      await events.publish(dataset('later', 2));
      await bed.startOrchestrator();
      await fired('later', 2);
      expect(await runsOf('later')).toHaveLength(2);
    }, 30_000);

    it('hears messages of a subject as they pass', async () => {
      await bed.submit(
        pipeline(
          'alarm',
          `{ subject: plant.*.alarm, when: 'event.level > 3', params: { value: '\${{ event.level }}' } }`,
        ),
      );
      await listens('alarm', 'core');
      for (const level of [1, 4, 2, 5]) bed.client.publish('plant.a.alarm', { level });
      bed.client.nc.publish('plant.a.alarm', 'no JSON at all');
      await fired('alarm', 2);
      expect((await runsOf('alarm')).map(({ params }) => params['value']).sort()).toEqual([4, 5]);
      // One that the filter cannot be asked of is refused, and told.
      bed.client.publish('plant.a.alarm', { other: 1 });
      await eventually(async () => (await triggerOf('alarm')).refused === 1);
      expect(await triggerOf('alarm')).toMatchObject({ fired: 2, error: { code: 'invalid_request' } });
    });

    it('takes them from a stream where one keeps them, also those of the time without an orchestrator', async () => {
      const manager = await jetstreamManager(bed.client.nc);
      await manager.streams.add({ name: 'ORDERS', subjects: ['orders.>'] });
      const js = jetstream(bed.client.nc);
      await js.publish('orders.new', JSON.stringify({ n: 1 }));
      await bed.submit(pipeline('orders', `{ subject: orders.new, params: { value: '\${{ event.n }}' } }`));
      await listens('orders', 'durable');
      await js.publish('orders.new', JSON.stringify({ n: 2 }), { msgID: 'two' });
      await fired('orders', 1);
      await bed.orchestrator?.stop();
      await js.publish('orders.new', JSON.stringify({ n: 3 }));
      await js.publish('orders.old', JSON.stringify({ n: 4 }));
      await bed.startOrchestrator();
      await fired('orders', 2);
      expect((await runsOf('orders')).map(({ params }) => params['value']).sort()).toEqual([2, 3]);
    }, 30_000);

    it('leaves nothing in the stream when it is taken back', async () => {
      const consumers = async () => {
        const manager = await jetstreamManager(bed.client.nc);
        return (await manager.streams.info('ORDERS')).state.consumer_count;
      };
      expect(await consumers()).toBe(1);
      await bed.submit('name: orders\nsteps: { a: { component: test.add } }');
      await eventually(async () => (await consumers()) === 0);
      expect((await bed.call(triggerList, { pipeline: 'orders' })).items).toEqual([]);
    });

    it('notices a stream that is made around its subject', async () => {
      await bed.submit(pipeline('moves', `{ subject: moves.on }`));
      await listens('moves', 'core');
      const manager = await jetstreamManager(bed.client.nc);
      await manager.streams.add({ name: 'MOVES', subjects: ['moves.>'] });
      await eventually(async () => (await triggerOf('moves')).delivery === 'durable');
      await jetstream(bed.client.nc).publish('moves.on', '{}');
      await fired('moves', 1);
    }, 30_000);

    it('leaves a work queue to those who work on it', async () => {
      const manager = await jetstreamManager(bed.client.nc);
      await manager.streams.add({ name: 'JOBS', subjects: ['jobs.>'], retention: 'workqueue' });
      await bed.submit(pipeline('jobs', `{ subject: jobs.new }`));
      await listens('jobs', 'core');
      await jetstream(bed.client.nc).publish('jobs.new', '{}');
      await fired('jobs', 1);
      expect((await manager.streams.info('JOBS')).state.messages).toBe(1);
    });

    it('bounds a burst, and tells what it refused', async () => {
      const told = new Promise<object>((resolve) =>
        bed.client.subscribe(bed.client.subjects.event('orchestrator.trigger.refused'), (event) => {
          const { data } = event as { data: { pipeline: string } };
          if (data.pipeline === 'burst') resolve(data);
        }),
      );
      await bed.submit(pipeline('burst', `{ subject: burst.now }`));
      await listens('burst', 'core');
      for (let i = 0; i < 500; i++) bed.client.publish('burst.now', { i });
      await flush();
      await eventually(async () => {
        const { fired: runs, refused } = await triggerOf('burst');
        return runs + refused === 500;
      });
      expect(await triggerOf('burst')).toMatchObject({
        fired: 5,
        refused: 495,
        error: { code: 'overloaded' },
      });
      expect(await runsOf('burst')).toHaveLength(5);
      expect(await told).toMatchObject({ pipeline: 'burst', error: { code: 'overloaded' } });
    });

    it('ends a circle of runs that set themselves off', async () => {
      const when = (name: string) => `event.data.pipeline == '${name}' && event.data.status == 'succeeded'`;
      await bed.submit(pipeline('ping', `{ event: orchestrator.run.changed, when: "${when('pong')}" }`));
      await bed.submit(pipeline('pong', `{ event: orchestrator.run.changed, when: "${when('ping')}" }`));
      await bed.run(pipeline('ping', `{ event: orchestrator.run.changed, when: "${when('pong')}" }`));
      await eventually(
        async () => (await triggerOf('ping')).refused + (await triggerOf('pong')).refused === 1,
        {
          timeoutMs: 15_000,
        },
      );
      expect((await runsOf('ping')).length + (await runsOf('pong')).length).toBe(1 + 3);
    }, 30_000);

    it('knows a loop over a plain subject by its trace', async () => {
      await bed.submit(pipeline('echo', `{ subject: echo.in }`));
      await listens('echo', 'core');
      const parents: (string | undefined)[] = [undefined];
      bed.client.nc.subscribe(bed.client.subjects.work('test.add'), {
        callback: (_err, { data, headers: given }) => {
          const task = JSON.parse(new TextDecoder().decode(data)) as { traceparent?: string };
          const again = headers();
          const traceparent = given?.get('traceparent') || task.traceparent;
          if (!traceparent || parents.length > 10) return;
          parents.push(traceparent);
          again.set('traceparent', traceparent);
          bed.client.nc.publish('echo.in', '{}', { headers: again });
        },
      });
      bed.client.publish('echo.in', {});
      await eventually(async () => (await triggerOf('echo')).error?.code === 'conflict');
      expect(await triggerOf('echo')).toMatchObject({ fired: 3, refused: 1 });
    });

    it('follows what is submitted', async () => {
      const old = `{ event: ingestion.dataset.created, when: "event.data.name == 'old'" }`;
      await bed.submit(pipeline('follows', old));
      await events.publish(dataset('old', 1));
      await fired('follows', 1);
      const { trigger } = await triggerOf('follows');
      // What is left alone stays what it was.
      await bed.submit(pipeline('follows', old, `{ subject: follows.x }`));
      const { items } = await bed.call(triggerList, { pipeline: 'follows' });
      expect(items.find((item) => item.trigger === trigger)).toMatchObject({ fired: 1 });
      expect(items).toHaveLength(2);
      await bed.submit(pipeline('follows', `{ subject: follows.y }`));
      await events.publish(dataset('old', 2));
      await barrier('barrier-follows');
      expect(await runsOf('follows')).toHaveLength(1);
    });

    it('refuses subjects of its own, and of NATS', async () => {
      for (const subject of ['millrace.v1.done', 'millrace.>', '*.v1.event.x', '_INBOX.>'])
        await expect(bed.submit(pipeline('own', `{ subject: '${subject}' }`))).rejects.toMatchObject({
          code: 'invalid_request',
          details: { fields: [{ field: 'triggers[0].subject' }] },
        });
    });
  });

  // SQLite is for one process.
  if (database.kind === 'sqlite') return;

  it('two orchestrators start one run per message', async () => {
    await using bed = await TestBed.start(database);
    const second = await startService(orchestratorService, { env: bed.env, logger: bed.logger });
    await using _ = { [Symbol.asyncDispose]: () => second.stop() };
    await bed.submit(pipeline('shared', `{ event: ingestion.dataset.created }`));
    const events = new EventBus(bed.client);
    for (let version = 1; version <= 20; version++) {
      const data = { name: 'd', version } as DatasetVersionView;
      await events.publish(makeEvent('ingestion.dataset.created', 'ingestion', data));
    }
    const count = async () => (await bed.call(triggerList, {})).items[0]?.fired;
    await eventually(async () => (await count()) === 20);
    expect((await bed.call(runList, { pipeline: 'shared' })).items).toHaveLength(20);
  }, 60_000);
});
