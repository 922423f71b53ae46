import { healthGetOf } from '@millrace/contracts';
import { ColumnSketch, QuantileSketch } from '@millrace/ml';
import { eventually, withDatabases } from '@millrace/testing';
import { openBench, windowOf } from '../testing/bench.js';
import { WindowRetention } from './window-retention.js';
import { WindowStore } from './window-store.js';
import { readWindow } from './read-window.js';

withDatabases((database) => {
  describe('monitoring', () => {
    let bench: Awaited<ReturnType<typeof openBench>>;
    beforeAll(async () => {
      bench = await openBench(database);
    });
    afterAll(() => bench?.[Symbol.asyncDispose]());
    const requestsOf = async (endpoint: string) =>
      (await bench.list(endpoint)).map(({ requests }) => requests);

    it('is ready', async () => {
      expect(await bench.client.request(healthGetOf('monitoring'), {})).toMatchObject({ status: 'ready' });
    });

    it('merges windows of one minute, of all replicas, and summarises them', async () => {
      await bench.publish(windowOf('merged', [1, 2, 3], { seconds: 5 }));
      await bench.publish(windowOf('merged', [5], { seconds: 55, replica: 'r2', errors: 1, requests: 2 }));
      await bench.publish(windowOf('merged', [9], { seconds: 60 }));
      await eventually(async () => (await requestsOf('merged')).join() === '1,5');
      const [later, earlier] = await bench.list('merged');
      expect(later).toMatchObject({ from: '2026-01-02T03:05:00.000Z', rows: 1 });
      expect(earlier).toMatchObject({
        endpoint: 'merged',
        version: 1,
        from: '2026-01-02T03:04:00.000Z',
        to: '2026-01-02T03:05:00.000Z',
        rows: 4,
        errors: 1,
        latency: { count: 4, max: 5 },
        features: { mass: { kind: 'number', count: 4, mean: 2.75, min: 1, max: 5 } },
      });
      expect(earlier!.latency['p50']).toBeCloseTo(2, 1);
      expect(earlier!.features['island']).toMatchObject({ kind: 'string', count: 4 });
      expect(await bench.list('merged', 1)).toHaveLength(1);
      expect(await bench.list('nobody')).toEqual([]);
    });

    it('keeps versions apart', async () => {
      await bench.publish(windowOf('versions', [1]));
      await bench.publish(windowOf('versions', [2], { version: 2 }));
      await eventually(async () => (await bench.list('versions')).length === 2);
      expect((await bench.list('versions')).map(({ version }) => version)).toEqual([2, 1]);
    });

    it('counts an event once, however often it comes and whoever takes it', async () => {
      const event = windowOf('once', [1, 2]);
      const stores = bench.replicas.map(({ app }) => app.get(WindowStore, { strict: false }));
      await Promise.all(
        [...stores, ...stores].map((store) =>
          store.add(`${event.source}/${event.id}`, readWindow(event.data)),
        ),
      );
      await bench.publish(event);
      await bench.publish(windowOf('once', [3]));
      await eventually(async () => (await requestsOf('once')).join() === '3');
    });

    it('loses nothing when many add to one minute at once', async () => {
      const stores = bench.replicas.map(({ app }) => app.get(WindowStore, { strict: false }));
      await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          stores[i % stores.length]!.add(`crowd ${i}`, readWindow(windowOf('crowd', [i + 1]).data)),
        ),
      );
      const [window] = await bench.list('crowd');
      expect(window).toMatchObject({
        requests: 20,
        features: { mass: { count: 20, mean: expect.closeTo(10.5) } },
      });
    });

    it.each([
      ['no counts', { requests: 'many' }],
      ['negative counts', { rows: -1 }],
      ['no time', { from: 'yesterday' }],
      ['no sketch', { latency: null }],
      ['sketches of another making', { sketches: { mass: { kind: 'number' } } }],
    ])('drops a window with %s, and goes on', async (name, change) => {
      const endpoint = name.replaceAll(' ', '-');
      await bench.publish(windowOf(endpoint, [1]));
      await bench.publish(windowOf(endpoint, [2], change as never));
      await bench.publish(windowOf(endpoint, [3]));
      await eventually(async () => (await requestsOf(endpoint)).join() === '2');
      await eventually(async () => (await bench.unacknowledged()) === 0, { timeoutMs: 2_000 });
    });

    it.each([
      ['precision', { latency: new QuantileSketch(0.5).toJSON() }],
      ['kind', { sketches: { mass: ColumnSketch.of('string').toJSON() } }],
    ])('counts a window of sketches of another %s', async (what, change) => {
      const endpoint = `other-${what}`;
      for (const window of [{}, change, {}]) await bench.publish(windowOf(endpoint, [1], window));
      await eventually(async () => (await requestsOf(endpoint)).join() === '3');
      await eventually(async () => (await bench.unacknowledged()) === 0);
    });

    it('forgets old windows', async () => {
      await bench.publish(windowOf('old', [1]));
      await eventually(async () => (await bench.list('old')).length === 1);
      const retention = bench.replicas[0]!.app.get(WindowRetention, { strict: false });
      await retention.prune(Date.parse('2026-02-01T00:00:00Z'));
      expect(await bench.list('old')).toHaveLength(1);
      await retention.prune(Date.parse('2026-02-03T00:00:00Z'));
      expect(await bench.list('old')).toEqual([]);
    });

    it('refuses a query that it cannot answer', async () => {
      await expect(bench.list('no.dots')).rejects.toMatchObject({ code: 'invalid_request' });
      await expect(bench.list('merged', 5000)).rejects.toMatchObject({ code: 'invalid_request' });
    });
  });
});
