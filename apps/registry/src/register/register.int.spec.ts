import { runComponent } from '@millrace/component';
import {
  aliasGet,
  aliasSet,
  healthGetOf,
  modelGet,
  modelList,
  versionGet,
  versionRegister,
  type ModelVersionView,
  type RegisterVersion,
} from '@millrace/contracts';
import { eventually, withDatabases } from '@millrace/testing';
import { openBench } from '../testing/bench.js';
import { putLine } from '../testing/line-model.js';
import { RegisterComponent } from './register.component.js';

withDatabases((database) => {
  describe('the registry', () => {
    let bench: Awaited<ReturnType<typeof openBench>>;
    beforeAll(async () => {
      bench = await openBench(database);
    });
    afterAll(() => bench?.[Symbol.asyncDispose]());

    const register = async (name: string, change: Partial<RegisterVersion> = {}): Promise<ModelVersionView> =>
      bench.client.request(versionRegister, {
        name,
        model: await putLine(bench.artifacts, 2),
        idempotencyKey: crypto.randomUUID(),
        ...change,
      });
    const eventsOf = (name: string) => bench.events.filter(({ data }) => data.name === name);

    it('is ready', async () => {
      const { status, checks } = await bench.client.request(healthGetOf('registry'), {});
      expect([status, checks]).toEqual(['ready', expect.objectContaining({ database: { ok: true } })]);
    });

    it('numbers versions per model and says what they are', async () => {
      const report = await bench.artifacts.putJson(
        { kind: 'evaluation', summary: {}, metrics: { rmse: 0.25, bad: null }, body: {}, lineage: {} },
        { type: 'report' },
      );
      expect((await register('first')).version).toBe(1);
      const second = await register('first', { report });
      expect(second).toMatchObject({
        name: 'first',
        version: 2,
        report,
        task: 'regression',
        metrics: { rmse: 0.25, r2: 0.9 },
        lineage: { train: 'sha256:0', estimator: { name: 'linear', params: { l2: 1 } } },
        signature: { inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 1], column: 'number' }] },
      });
      expect((await register('other')).version).toBe(1);
      const { items } = await bench.client.request(modelGet, { name: 'first' });
      expect(items.map(({ version }) => version)).toEqual([2, 1]);
      expect(items[0]).toEqual(second);
      await eventually(() => eventsOf('first').length === 2);
      expect(eventsOf('first')[1]).toMatchObject({ type: 'registry.version.created', data: second });
    });

    it('registers once under one key', async () => {
      const request = { model: await putLine(bench.artifacts, 3), idempotencyKey: 'run/step' };
      const first = await register('keyed', request);
      expect(await register('keyed', request)).toEqual(first);
      const together = await Promise.all(
        Array.from({ length: 6 }, () => register('keyed', { ...request, idempotencyKey: 'at once' })),
      );
      expect(new Set(together.map(({ version }) => version))).toEqual(new Set([2]));
      await expect(register('elsewhere', request)).rejects.toMatchObject({
        code: 'already_exists',
        retryable: false,
      });
      await expect(
        register('keyed', { ...request, model: await putLine(bench.artifacts, 4) }),
      ).rejects.toMatchObject({
        code: 'already_exists',
        message: "the key 'run/step' registered another model: keyed version 1",
      });
      await eventually(() => eventsOf('keyed').length === 2);
    });

    it('leaves no gap and no double when many register at once', async () => {
      const made = await Promise.all(Array.from({ length: 12 }, () => register('crowd')));
      expect(made.map(({ version }) => version).sort((a, b) => a - b)).toEqual(
        Array.from({ length: 12 }, (_, i) => i + 1),
      );
    });

    it('points aliases, and finds versions by them', async () => {
      await register('aliased', { aliases: ['champion', 'champion', 'live'] });
      const second = await register('aliased', { aliases: ['live'] });
      expect(second.aliases).toEqual(['live']);
      const champion = await bench.client.request(versionGet, { name: 'aliased', alias: 'champion' });
      expect([champion.version, champion.aliases]).toEqual([1, ['champion']]);
      expect((await bench.client.request(versionGet, { name: 'aliased' })).version).toBe(2);
      expect((await bench.client.request(versionGet, { name: 'aliased', version: 1 })).version).toBe(1);
      const moved = await bench.client.request(aliasSet, { name: 'aliased', alias: 'champion', version: 2 });
      expect(moved.aliases).toEqual(['champion', 'live']);
      expect(await bench.client.request(aliasGet, { name: 'aliased', alias: 'champion' })).toEqual(moved);
      await expect(bench.client.request(aliasGet, { name: 'aliased', alias: '2' })).rejects.toMatchObject({
        code: 'not_found',
      });
      await bench.client.request(aliasSet, { name: 'aliased', alias: 'champion', version: 2 });
      await eventually(() => eventsOf('aliased').length === 6);
      const changes = eventsOf('aliased').filter(({ type }) => type === 'registry.alias.changed');
      expect(changes.map(({ data }) => data)).toContainEqual({
        name: 'aliased',
        alias: 'champion',
        version: 2,
      });
    });

    it('lists the latest version of each model, in pages', async () => {
      for (const name of ['page-a', 'page-b', 'page-b', 'page-c']) await register(name);
      const page = await bench.client.request(modelList, { after: 'page', limit: 2 });
      expect(page.items.map(({ name, version }) => [name, version])).toEqual([
        ['page-a', 1],
        ['page-b', 2],
      ]);
      expect(page.next).toBe('page-b');
      const rest = await bench.client.request(modelList, { after: page.next!, limit: 1 });
      expect(rest.items.map(({ name }) => name)).toEqual(['page-c']);
    });

    it.each<[string, () => Promise<unknown>, string, string]>([
      ['an unknown model', () => bench.client.request(modelGet, { name: 'nobody' }), 'not_found', "'nobody'"],
      [
        'an unknown version',
        () => bench.client.request(versionGet, { name: 'first', version: 99 }),
        'not_found',
        "model 'first' has no version 99",
      ],
      [
        'an unknown alias',
        () => bench.client.request(versionGet, { name: 'first', alias: 'x' }),
        'not_found',
        "model 'first' has no alias 'x'",
      ],
      [
        'an alias of an unknown version',
        () => bench.client.request(aliasSet, { name: 'first', alias: 'x', version: 9 }),
        'not_found',
        'version 9',
      ],
      ['a bad name', () => register('Ä'), 'invalid_request', 'name'],
    ])('refuses %s', async (_, act, code, message) => {
      await expect(act()).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
    });

    it('refuses a model that is not what it says, naming row and output', async () => {
      const wrong = await putLine(bench.artifacts, 2, ({ golden }) => ({
        golden: { ...golden, outputs: { prediction: [[3], [5.5]] } },
      }));
      await expect(register('wrong', { model: wrong })).rejects.toMatchObject({
        code: 'integrity',
        message: expect.stringMatching(/output 'prediction' .* row 1/),
      });
      const signature = { inputs: [], outputs: [] };
      const other = await putLine(bench.artifacts, 2, () => ({ signature }));
      await expect(register('wrong', { model: other })).rejects.toMatchObject({ code: 'integrity' });
      const onnx = await bench.artifacts.put('not a model', { type: 'file' });
      const bytes = await putLine(bench.artifacts, 2, () => ({ onnx }));
      await expect(register('wrong', { model: bytes })).rejects.toMatchObject({ code: 'data_invalid' });
      const none = { type: 'model' as const, digest: `sha256:${'0'.repeat(64)}`, size: 1 };
      await expect(register('wrong', { model: none })).rejects.toMatchObject({ code: 'not_found' });
      await expect(bench.client.request(modelGet, { name: 'wrong' })).rejects.toMatchObject({
        code: 'not_found',
      });
    });

    it('is a pipeline component, once per step', async () => {
      const component = bench.replicas[0]!.app.get(RegisterComponent, { strict: false });
      const model = await putLine(bench.artifacts, 5);
      const run = () =>
        runComponent(component, {
          artifacts: bench.artifacts,
          params: { name: 'piped', aliases: ['live'] },
          inputs: { model: { ...model } },
          task: { idempotencyKey: 'r/register' },
        });
      const { outputs } = await run();
      expect(outputs).toEqual({ version: { name: 'piped', version: 1, artifact: model } });
      expect((await run()).outputs).toEqual(outputs);
      const view = await bench.client.request(versionGet, { name: 'piped', alias: 'live' });
      expect(view.version).toBe(1);
    });
  });
});
