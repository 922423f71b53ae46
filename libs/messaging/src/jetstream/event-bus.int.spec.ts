import type { CloudEvent } from '@millrace/contracts';
import { eventually } from '@millrace/testing';
import { makeEvent } from './make-event.js';
import { TestBed } from './test-bed.js';

describe('EventBus', () => {
  let bed: TestBed;
  beforeAll(async () => void (bed = await TestBed.start()));
  afterEach(() => bed.stopConsuming());
  afterAll(() => bed[Symbol.asyncDispose]());

  const alias = (n: number) =>
    makeEvent('registry.alias.changed', 'registry', { name: 'm', alias: 'a', version: n });
  const removed = makeEvent('deployment.endpoint.removed', 'deployment', { endpoint: 'e', revision: 1 });

  it('brings events of the wanted types to each durable, those before it subscribed too, in order', async () => {
    const { events } = await bed.setUp();
    await events.publish(alias(1));
    const seen: CloudEvent[] = [];
    const other: CloudEvent[] = [];
    await bed.keep(
      events.subscribe(
        'first',
        ['registry.alias.changed', 'registry.version.created'],
        async (e) => void seen.push(e),
      ),
    );
    await bed.keep(
      events.subscribe(
        'second',
        ['registry.alias.changed', 'deployment.endpoint.removed'],
        async (e) => void other.push(e),
      ),
    );
    await events.publish(removed);
    for (let n = 2; n <= 10; n++) await events.publish(alias(n));
    await eventually(() => seen.length === 10 && other.length === 11);
    expect(seen.map((e) => (e.data as { version: number }).version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(other.filter((e) => e.type === 'deployment.endpoint.removed')).toEqual([removed]);
  });

  it('keeps its place, and may ask for more types', async () => {
    const { events } = await bed.setUp();
    const seen: string[] = [];
    const note = async (e: CloudEvent): Promise<void> => void seen.push(e.type);
    const narrow = await events.subscribe('d', ['registry.alias.changed'], note);
    await events.publish(alias(1));
    await eventually(() => seen.length === 1);
    await narrow.stop();
    await bed.keep(events.subscribe('d', ['registry.alias.changed', 'deployment.endpoint.removed'], note));
    await events.publish(alias(2));
    await events.publish(removed);
    await eventually(() => seen.includes('deployment.endpoint.removed'));
    expect(seen.filter((type) => type === 'registry.alias.changed')).toHaveLength(2);
  });

  it('shows events as they pass', async () => {
    const { events } = await bed.setUp();
    const seen: string[] = [];
    const subscription = events.onEvent('registry.>', (e) => {
      seen.push(e.type);
      throw new Error('a mistake of the handler is its own');
    });
    await bed.nc.flush();
    await events.publish(alias(1));
    await events.publish(removed);
    await events.publish(alias(2));
    await eventually(() => seen.length === 2);
    subscription.unsubscribe();
  });
});
