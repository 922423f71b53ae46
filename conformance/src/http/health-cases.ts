import assert from 'node:assert/strict';
import { simple } from '../models/models.js';
import type { Case } from '../suite/case.js';
import type { HttpServer } from './http-server.js';
import { expectError } from './infer.js';
import { describeModel, requireExtension } from './server-facts.js';

export const healthCases = (server: HttpServer): Case[] => [
  {
    name: 'the server is live and ready',
    run: async () => {
      assert.equal((await server.get('/v2/health/live')).status, 200);
      assert.equal((await server.get('/v2/health/ready')).status, 200);
    },
  },
  {
    name: 'the server says its name, version and extensions',
    run: async () => {
      const { status, text } = await server.get('/v2');
      assert.equal(status, 200);
      const { name, version, extensions } = JSON.parse(text) as Record<string, unknown>;
      assert.ok(typeof name === 'string' && name !== '', 'name');
      assert.ok(typeof version === 'string' && version !== '', 'version');
      assert.ok(
        Array.isArray(extensions) && extensions.every((one) => typeof one === 'string'),
        'extensions',
      );
    },
  },
  {
    name: 'a model says its inputs, outputs and versions',
    run: async () => {
      const metadata = await describeModel(server, simple.name);
      assert.equal(metadata.name, simple.name);
      assert.ok(metadata.versions?.every((version) => typeof version === 'string') ?? true, 'versions');
      assert.equal(typeof metadata.platform, 'string');
      const shapeless = ({ name, datatype }: { name: string; datatype: string }) => `${name} ${datatype}`;
      assert.deepEqual(metadata.inputs.map(shapeless), ['INPUT0 INT32', 'INPUT1 INT32']);
      assert.deepEqual(metadata.outputs.map(shapeless), ['OUTPUT0 INT32', 'OUTPUT1 INT32']);
      for (const { shape } of [...metadata.inputs, ...metadata.outputs]) assert.deepEqual(shape, [-1, 16]);
    },
  },
  {
    name: 'a version of a model is described and ready, and one that is not there is not',
    run: async () => {
      const { versions = [] } = await describeModel(server, simple.name);
      for (const version of versions) {
        const path = `/v2/models/${simple.name}/versions/${version}`;
        assert.equal((await server.get(path)).status, 200);
        assert.equal((await server.get(`${path}/ready`)).status, 200);
      }
      const path = `/v2/models/${simple.name}/versions/4711`;
      expectError(await server.get(path), 400, 404);
      assert.notEqual((await server.get(`${path}/ready`)).status, 200);
    },
  },
  {
    name: 'a model that is not there is unknown everywhere',
    run: async () => {
      const path = '/v2/models/nobody-has-this';
      assert.match(expectError(await server.get(path), 400, 404), /nobody-has-this/);
      assert.notEqual((await server.get(`${path}/ready`)).status, 200);
      expectError(await server.post(`${path}/infer`, { body: '{"inputs":[]}' }), 400, 404);
    },
  },
  {
    name: 'the configuration of a model is as its metadata',
    run: async () => {
      await requireExtension(server, 'model_configuration');
      await describeModel(server, simple.name);
      const { status, text } = await server.get(`/v2/models/${simple.name}/config`);
      assert.equal(status, 200, text.slice(0, 200));
      const config = JSON.parse(text) as {
        name: string;
        max_batch_size: number;
        input: { name: string; data_type: string; dims: number[] }[];
      };
      assert.equal(config.name, simple.name);
      const [input] = config.input;
      assert.deepEqual([input!.name, input!.data_type], ['INPUT0', 'TYPE_INT32']);
      assert.deepEqual(input!.dims.map(Number), config.max_batch_size > 0 ? [16] : [-1, 16]);
    },
  },
];
