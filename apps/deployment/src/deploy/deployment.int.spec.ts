import { endpointList, endpointRemove, healthGetOf } from '@millrace/contracts';
import { eventually, withDatabases } from '@millrace/testing';
import { artifactOf, openBench } from '../testing/bench.js';

withDatabases((database) => {
  describe('deployment', () => {
    let bench: Awaited<ReturnType<typeof openBench>>;
    beforeAll(async () => {
      bench = await openBench(database);
    });
    afterAll(() => bench?.[Symbol.asyncDispose]());
    const eventsOf = (endpoint: string) => bench.events.filter(({ data }) => data.endpoint === endpoint);

    it('is ready', async () => {
      expect(await bench.client.request(healthGetOf('deployment'), {})).toMatchObject({ status: 'ready' });
    });

    it('makes a revision per change, resolved by the registry, and announces each once', async () => {
      const first = await bench.deploy('penguins', 1);
      expect(first).toMatchObject({
        endpoint: 'penguins',
        revision: 1,
        targets: [{ model: 'penguins', version: 1, artifact: artifactOf(1), weight: 100 }],
        replicas: [],
        status: 'pending',
      });
      expect((await bench.deploy('penguins', 2)).revision).toBe(2);
      expect((await bench.deploy('penguins', 2)).revision).toBe(2);
      await eventually(() => eventsOf('penguins').length === 2);
      expect(
        eventsOf('penguins').map(({ type, data }) => [type, data.revision, data.targets[0]!.version]),
      ).toEqual([
        ['deployment.endpoint.changed', 1, 1],
        ['deployment.endpoint.changed', 2, 2],
      ]);
      expect((await bench.client.request(endpointList, {})).items.map(({ endpoint }) => endpoint)).toContain(
        'penguins',
      );
    });

    it('deploys once under one key, however many ask', async () => {
      const views = await Promise.all(Array.from({ length: 6 }, () => bench.deploy('keyed', 1, 'k')));
      expect(new Set(views.map(({ revision }) => revision))).toEqual(new Set([1]));
      expect((await bench.deploy('keyed', 2)).revision).toBe(2);
      expect((await bench.deploy('keyed', 1, 'k')).revision).toBe(2);
      await expect(bench.deploy('keyed', 3, 'k')).rejects.toMatchObject({ code: 'already_exists' });
    });

    it('counts changes that are asked for at once', async () => {
      await Promise.all([1, 2, 3, 4, 5, 6].map((version) => bench.deploy('crowd', version)));
      expect((await bench.get('crowd')).revision).toBe(6);
    });

    it('hears what replicas say', async () => {
      await bench.deploy('heard', 1);
      await bench.report({ endpoint: 'heard', revision: 1, state: 'ready' });
      expect(await bench.get('heard')).toMatchObject({
        status: 'ready',
        replicas: [{ replica: 'r1', revision: 1, state: 'ready', at: expect.any(String) }],
      });
      await bench.report({ endpoint: 'heard', revision: 1, state: 'ready' });
      await bench.report({
        endpoint: 'heard',
        replica: 'r2',
        revision: 1,
        state: 'failed',
        error: 'no',
        code: 'integrity',
      });
      expect(await bench.get('heard')).toMatchObject({ status: 'failed' });
      await eventually(() => eventsOf('heard').length === 3);
      expect(eventsOf('heard').map(({ data }) => data.status)).toEqual(['pending', 'ready', 'failed']);
      expect((await bench.deploy('heard', 1)).revision).toBe(2);
      expect(await bench.get('heard')).toMatchObject({ status: 'pending' });
    });

    it('removes an endpoint, and goes on counting when it comes back', async () => {
      await bench.deploy('gone', 1);
      await bench.report({ endpoint: 'gone', revision: 1, state: 'ready' });
      expect(await bench.client.request(endpointRemove, { endpoint: 'gone' })).toMatchObject({
        revision: 2,
        targets: [],
      });
      await expect(bench.get('gone')).rejects.toMatchObject({ code: 'not_found' });
      await expect(bench.client.request(endpointRemove, { endpoint: 'gone' })).rejects.toMatchObject({
        code: 'not_found',
      });
      await bench.report({ endpoint: 'gone', revision: 1, state: 'ready' });
      await bench.report({ endpoint: 'never-was', revision: 1, state: 'ready' });
      expect(await bench.deploy('gone', 1)).toMatchObject({ revision: 3, replicas: [] });
      await eventually(() => eventsOf('gone').some(({ type }) => type === 'deployment.endpoint.removed'));
    });

    it.each<[string, () => Promise<unknown>, string, string]>([
      ['an unknown version', () => bench.deploy('penguins', 99), 'not_found', 'version 99'],
      ['a bad name', () => bench.deploy('no.dots', 1), 'invalid_request', 'endpoint'],
      ['an unknown endpoint', () => bench.get('nobody'), 'not_found', 'nobody'],
      [
        'a report of another state',
        () => bench.report({ endpoint: 'e', revision: 1, state: 'fine' as never }),
        'invalid_request',
        'state',
      ],
    ])('refuses %s', async (_, act, code, message) => {
      await expect(act()).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
    });

    describe('as a step', () => {
      it('waits until a replica serves its revision, whichever process hears of it', async () => {
        const waiting = bench.step('stepped', 1, 'r/deploy');
        await eventually(async () => (await bench.get('stepped')).revision === 1);
        await bench.report({ endpoint: 'stepped', revision: 1, state: 'ready' });
        expect((await waiting).outputs).toEqual({ endpoint: { endpoint: 'stepped', revision: 1 } });
        expect((await bench.step('stepped', 1, 'r/deploy')).outputs).toEqual({
          endpoint: { endpoint: 'stepped', revision: 1 },
        });
        expect((await bench.get('stepped')).revision).toBe(1);
      });

      it('hears of it at once', async () => {
        const waiting = bench.step('quick', 1, 'q');
        await eventually(async () => (await bench.get('quick')).revision === 1);
        const reported = performance.now();
        await bench.report({ endpoint: 'quick', revision: 1, state: 'ready' });
        await waiting;
        expect(performance.now() - reported).toBeLessThan(1_000);
      });

      it('fails with what a replica says', async () => {
        const waiting = bench.step('broken', 1, 'b');
        const outcome = expect(waiting).rejects.toMatchObject({
          code: 'integrity',
          retryable: false,
          message: "replica 'r1' cannot serve 'broken' revision 1: golden row 3",
        });
        await eventually(async () => (await bench.get('broken')).revision === 1);
        await bench.report({
          endpoint: 'broken',
          revision: 1,
          state: 'failed',
          error: 'golden row 3',
          code: 'integrity',
        });
        await outcome;
      });

      it('fails when another deployment takes its place', async () => {
        const outcome = expect(bench.step('raced', 1, 'a')).rejects.toMatchObject({
          code: 'conflict',
          retryable: false,
        });
        await eventually(async () => (await bench.get('raced')).revision === 1);
        await bench.deploy('raced', 2);
        await outcome;
      });

      it('stops waiting when it is told to', async () => {
        const stop = new AbortController();
        const outcome = expect(bench.step('stopped', 1, 's', stop.signal)).rejects.toThrow();
        await eventually(async () => (await bench.get('stopped')).revision === 1);
        stop.abort();
        await outcome;
      });
    });
  });
});
