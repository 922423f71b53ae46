import { endpointPromote, endpointRollback, endpointRemove, rolloutList } from '@millrace/contracts';
import { eventually, withDatabases } from '@millrace/testing';
import { openBench } from '../testing/bench.js';
import type { FakeReplica } from '../testing/fake-replica.js';

withDatabases((database) => {
  describe('a rollout', () => {
    let bench: Awaited<ReturnType<typeof openBench>>;
    let one: FakeReplica;
    let two: FakeReplica;
    beforeAll(async () => {
      bench = await openBench(database, { REPLICA_SILENCE_MS: '600' });
      one = await bench.replica('one');
      two = await bench.replica('two');
    });
    afterAll(() => bench?.[Symbol.asyncDispose]());
    afterEach(() => {
      one.stuck = two.stuck = false;
      two.unloadable.clear();
    });

    /** Version 1 answers on both replicas. */
    const served = async (endpoint: string): Promise<void> => {
      await bench.deploy(endpoint, 1);
      await bench.until(endpoint, ({ replicas, revision }) =>
        ['one', 'two'].every((name) =>
          replicas.some((heard) => heard.replica === name && heard.revision === revision),
        ),
      );
    };
    const at = (endpoint: string, phase: string) =>
      bench.until(endpoint, ({ rollout, status }) => rollout?.phase === phase && status === 'ready');

    it('is prepared on every replica before any switches', async () => {
      await served('rolling');
      two.stuck = true;
      const { revision } = await bench.deploy('rolling', 2);
      const waiting = await bench.until('rolling', ({ replicas }) =>
        replicas.some((heard) => heard.replica === 'one' && heard.revision === revision),
      );
      expect(waiting).toMatchObject({
        targets: [
          { version: 1, weight: 100 },
          { version: 2, weight: 0, role: 'standby' },
        ],
        rollout: {
          phase: 'preparing',
          reason: 'waits for replica two to load the candidate',
          ended: false,
        },
      });
      two.stuck = false;
      await two.take(waiting);
      expect(await at('rolling', 'promoted')).toMatchObject({
        revision: revision + 1,
        targets: [
          { version: 2, weight: 100 },
          { version: 1, role: 'standby' },
        ],
        rollout: { ended: true, previousVersion: 1, warmUntil: expect.any(String) },
      });
    });

    it('stops where a replica cannot load it, with the version before still answering', async () => {
      await served('broken');
      two.unloadable.add(2);
      await bench.deploy('broken', 2);
      expect(await at('broken', 'failed')).toMatchObject({
        targets: [{ version: 1, weight: 100 }],
        rollout: {
          error: { code: 'integrity', message: "replica 'two' cannot load it: version 2 is broken" },
          ended: true,
        },
      });
      expect((await bench.get('broken')).targets).toHaveLength(1);
      two.unloadable.clear();
      await bench.deploy('broken', 2);
      expect(await at('broken', 'promoted')).toMatchObject({ rollout: { number: 3 } });
    });

    it('is not held up by a replica that died, nor by one that comes', async () => {
      await served('mortal');
      two.stuck = true;
      await bench.deploy('mortal', 2);
      await bench.until('mortal', ({ rollout }) => rollout?.reason?.includes('two') === true);
      two.die();
      const three = await bench.replica('three');
      expect(await at('mortal', 'promoted')).toMatchObject({ targets: [{ version: 2 }, { version: 1 }] });
      await bench.until('mortal', ({ replicas, revision }) =>
        replicas.some((heard) => heard.replica === 'three' && heard.revision === revision),
      );
      three.die();
      two = await bench.replica('two');
    });

    it.each(['blue-green', 'shadow'] as const)(
      'by %s waits for somebody, and is gone back from',
      async (strategy) => {
        const phase = strategy === 'shadow' ? 'shadowing' : 'prepared';
        await served(strategy);
        const early = bench.client.request(endpointPromote, { endpoint: strategy, rollout: 9 });
        await expect(early).rejects.toMatchObject({
          code: 'conflict',
          message: expect.stringContaining('rollout 1'),
        });
        await bench.deploy(strategy, 2, undefined, { strategy });
        const role = strategy === 'shadow' ? 'shadow' : 'standby';
        expect(await at(strategy, phase)).toMatchObject({
          targets: [
            { version: 1, weight: 100 },
            { version: 2, role },
          ],
          rollout: { reason: 'waits for promote or rollback', number: 2 },
        });
        await bench.client.request(endpointPromote, { endpoint: strategy, rollout: 2 });
        const promoted = await at(strategy, 'promoted');
        expect((await bench.client.request(endpointPromote, { endpoint: strategy })).revision).toBe(
          promoted.revision,
        );
        const back = await bench.client.request(endpointRollback, { endpoint: strategy, reason: 'wrong' });
        expect(back).toMatchObject({
          revision: promoted.revision + 1,
          targets: [
            { version: 1, weight: 100 },
            { version: 2, role: 'standby' },
          ],
          rollout: { phase: 'rolled_back', reason: 'wrong' },
        });
        // A caller whose answer was lost asks again.
        expect((await bench.client.request(endpointRollback, { endpoint: strategy })).revision).toBe(
          back.revision,
        );
        await expect(bench.client.request(endpointPromote, { endpoint: strategy })).rejects.toMatchObject({
          code: 'conflict',
          retryable: false,
        });
      },
    );

    it('is ended by a rollback, by another, and with its endpoint; all are remembered', async () => {
      await served('history');
      await bench.deploy('history', 2, undefined, { strategy: 'blue-green' });
      await at('history', 'prepared');
      expect(await bench.client.request(endpointRollback, { endpoint: 'history' })).toMatchObject({
        targets: [{ version: 1, weight: 100 }],
        rollout: { phase: 'rolled_back', reason: 'asked for' },
      });
      await bench.deploy('history', 3, undefined, { strategy: 'blue-green' });
      await bench.deploy('history', 4, undefined, { strategy: 'blue-green' });
      await bench.client.request(endpointRemove, { endpoint: 'history' });
      const { items, next } = await bench.client.request(rolloutList, { endpoint: 'history', limit: 3 });
      expect(items.map(({ number, phase, version }) => [number, phase, version])).toEqual([
        [4, 'superseded', 4],
        [3, 'superseded', 3],
        [2, 'rolled_back', 2],
      ]);
      const rest = await bench.client.request(rolloutList, { endpoint: 'history', after: next! });
      expect(rest.items.map(({ number, phase }) => [number, phase])).toEqual([[1, 'promoted']]);
      const wrong = bench.client.request(rolloutList, { endpoint: 'history', after: 'x' });
      await expect(wrong).rejects.toMatchObject({
        code: 'invalid_request',
        message: expect.stringContaining('after'),
      });
    });

    it.each<[string, object, string]>([
      ['a canary without steps', { strategy: 'canary' }, 'canary'],
      [
        'a step of everything',
        { strategy: 'canary', canary: { steps: [{ weight: 100 }] } },
        'canary.steps[0].weight',
      ],
      ['a strategy of no name', { strategy: 'yolo' }, 'strategy'],
      [
        'a share of errors over one',
        { canary: { steps: [{ weight: 1 }], maxErrorRate: 7 } },
        'canary.maxErrorRate',
      ],
      ['a key of no name', { routing: { sticky: true, keyInput: '' } }, 'routing.keyInput'],
      [
        'a key of another model',
        { routing: { sticky: true, keyInput: 'islnd' } },
        'routing.keyInput: is no input',
      ],
      ['too many runners', { execution: { runners: 65 } }, 'execution.runners'],
      ['an option of no name', { routing: { stikcy: true } }, 'routing.stikcy'],
      ['a runner of no name', { execution: { runner: 'gpu' } }, 'execution.runner'],
      ['no time at all', { execution: { timeoutMs: 0 } }, 'execution.timeoutMs'],
      ['memory for a thread', { execution: { runner: 'thread', memoryMb: 64 } }, 'execution.memoryMb'],
      ['batches of no rows', { execution: { preferredBatchRows: [0] } }, 'execution.preferredBatchRows'],
    ])('refuses %s', async (_, more, field) => {
      await expect(bench.deploy('refused', 1, undefined, more)).rejects.toMatchObject({
        code: 'invalid_request',
        message: expect.stringContaining(field),
      });
    });

    it('keeps how models are executed, until that is said anew; that alone is a revision too', async () => {
      const execution = { runner: 'process', timeoutMs: 50, memoryMb: 64 } as const;
      const first = await bench.deploy('executed', 1, undefined, { execution });
      expect(first).toMatchObject({ revision: 1, execution });
      expect((await bench.deploy('executed', 1, undefined, { execution })).revision).toBe(1);
      const changed = await bench.deploy('executed', 1, undefined, { execution: { runners: 2 } });
      expect(changed).toMatchObject({ revision: 2, execution: { runners: 2 } });
      expect((await bench.deploy('executed', 2)).execution).toEqual({ runners: 2 });
    });

    it('has nothing to go back to at first', async () => {
      await served('first');
      await expect(bench.client.request(endpointRollback, { endpoint: 'first' })).rejects.toMatchObject({
        code: 'conflict',
        retryable: false,
        message: expect.stringContaining("nothing answered under 'first' before"),
      });
    });

    it('leaves options as they are unless they are said, and replicas take new ones', async () => {
      await served('options');
      const routing = { sticky: true };
      const execution = { runner: 'thread' as const, runners: 2 };
      const { revision } = await bench.deploy('options', 1, undefined, { routing, execution });
      expect(revision).toBe(2);
      expect((await bench.deploy('options', 1, undefined, { routing })).revision).toBe(2);
      await bench.until('options', ({ replicas }) => replicas.every((heard) => heard.revision === 2));
      await bench.deploy('options', 2);
      expect(await at('options', 'promoted')).toMatchObject({ routing, execution });
    });

    it('that is taken back takes its options with it', async () => {
      await served('taken-back');
      const routing = { sticky: true, keyInput: 'island' };
      two.unloadable.add(2);
      await bench.deploy('taken-back', 2, undefined, { routing });
      expect(await at('taken-back', 'failed')).not.toHaveProperty('routing');
      two.unloadable.clear();
      await bench.deploy('taken-back', 3, undefined, { routing, strategy: 'blue-green' });
      expect(await at('taken-back', 'prepared')).toMatchObject({ routing });
      await bench.deploy('taken-back', 4);
      expect(await at('taken-back', 'promoted')).not.toHaveProperty('routing');
      await bench.deploy('taken-back', 5, undefined, { routing });
      expect(await at('taken-back', 'promoted')).toMatchObject({
        routing,
        targets: [{ version: 5 }, { version: 4 }],
      });
      expect(await bench.client.request(endpointRollback, { endpoint: 'taken-back' })).not.toHaveProperty(
        'routing',
      );
    });

    describe('survives a restart of the service', () => {
      it('while it is prepared', async () => {
        await served('restart-preparing');
        two.stuck = true;
        await bench.deploy('restart-preparing', 2);
        await bench.until('restart-preparing', ({ rollout }) => rollout?.reason?.includes('two') === true);
        await bench.restart();
        const view = await bench.get('restart-preparing');
        expect(view.rollout?.phase).toBe('preparing');
        two.stuck = false;
        await two.take(view);
        await at('restart-preparing', 'promoted');
      });

      it('when what it waited for happened meanwhile', async () => {
        await served('restart-dead');
        two.stuck = true;
        await bench.deploy('restart-dead', 2);
        await bench.until('restart-dead', ({ rollout }) => rollout?.reason?.includes('two') === true);
        two.die();
        await bench.restart();
        await at('restart-dead', 'promoted');
        two = await bench.replica('two');
      });

      it('while it waits for somebody, and afterwards', async () => {
        await served('restart-waiting');
        await bench.deploy('restart-waiting', 2, undefined, { strategy: 'blue-green' });
        await at('restart-waiting', 'prepared');
        await bench.restart();
        await bench.client.request(endpointPromote, { endpoint: 'restart-waiting' });
        await at('restart-waiting', 'promoted');
        await bench.restart();
        await bench.client.request(endpointRollback, { endpoint: 'restart-waiting' });
        expect(await at('restart-waiting', 'rolled_back')).toMatchObject({
          targets: [{ version: 1 }, { version: 2 }],
        });
      });
    });
  });

  describe('what was kept to be gone back to', () => {
    it('is let go after its time, and then prepared again to be gone back to', async () => {
      await using bench = await openBench(database, { KEEP_WARM_MS: '300' });
      await bench.replica('one');
      await bench.deploy('cold', 1);
      await bench.until('cold', ({ status }) => status === 'ready');
      await bench.deploy('cold', 2);
      const cold = await bench.until(
        'cold',
        ({ rollout, targets }) =>
          rollout?.phase === 'promoted' && rollout.version === 2 && targets.length === 1,
      );
      expect(cold.targets).toMatchObject([{ version: 2, weight: 100 }]);
      const back = await bench.client.request(endpointRollback, { endpoint: 'cold' });
      expect(back).toMatchObject({ rollout: { number: 3, phase: 'preparing', version: 1 } });
      const again = async () =>
        (await bench.client.request(endpointRollback, { endpoint: 'cold' })).rollout?.number;
      expect(await again()).toBe(3);
      await eventually(async () => (await bench.get('cold')).targets[0]?.version === 1);
      expect(await again()).toBe(3);
      expect((await bench.get('cold')).targets[0]?.version).toBe(1);
    });
  });
});
