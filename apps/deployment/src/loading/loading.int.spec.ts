import { endpointLoad, endpointUnload } from '@millrace/contracts';
import { eventually, withDatabases } from '@millrace/testing';
import { openBench } from '../testing/bench.js';

withDatabases((database) => {
  describe('loading and unloading', () => {
    let bench: Awaited<ReturnType<typeof openBench>>;
    beforeAll(async () => {
      bench = await openBench(database);
    });
    afterAll(() => bench?.[Symbol.asyncDispose]());
    const load = (endpoint: string) => bench.client.request(endpointLoad, { endpoint });
    const unload = (endpoint: string) => bench.client.request(endpointUnload, { endpoint });

    it('are revisions of the same targets, announced, once however often they are asked for', async () => {
      const { targets } = await bench.deploy('idle', 1);
      expect(await unload('idle')).toMatchObject({ revision: 2, targets, unloaded: true, status: 'pending' });
      expect(await unload('idle')).toMatchObject({ revision: 2, unloaded: true });
      expect(await bench.get('idle')).toMatchObject({ revision: 2, unloaded: true });
      const loaded = await load('idle');
      expect(loaded).toMatchObject({ revision: 3, targets });
      expect(loaded).not.toHaveProperty('unloaded');
      expect(await load('idle')).toMatchObject({ revision: 3 });
      const heard = () => bench.events.filter(({ data }) => data.endpoint === 'idle');
      await eventually(() => heard().length === 3);
      expect(heard().map(({ data }) => [data.revision, data.unloaded])).toEqual([
        [1, undefined],
        [2, true],
        [3, undefined],
      ]);
    });

    it('end with another deployment, also of the same version', async () => {
      await bench.deploy('busy', 1);
      await unload('busy');
      const deployed = await bench.deploy('busy', 1);
      expect(deployed).toMatchObject({ revision: 3 });
      expect(deployed).not.toHaveProperty('unloaded');
    });

    it('try again what a replica could not load', async () => {
      await bench.deploy('broken', 1);
      await bench.report({ endpoint: 'broken', revision: 1, state: 'failed', error: 'no', code: 'internal' });
      expect(await load('broken')).toMatchObject({ revision: 2, status: 'pending' });
    });

    it('are refused of what is not deployed', async () => {
      await expect(load('nobody')).rejects.toMatchObject({ code: 'not_found' });
      await expect(unload('nobody')).rejects.toMatchObject({ code: 'not_found' });
    });
  });
});
