import assert from 'node:assert/strict';
import { identityOf, simple } from '../models/models.js';
import type { Case } from '../suite/case.js';
import type { HttpServer } from './http-server.js';
import { expectError, infer, inferPath } from './infer.js';
import { describeModel, requireExtension } from './server-facts.js';

interface Statistics {
  name: string;
  version: string;
  inference_count: number;
  execution_count: number;
  inference_stats: Record<string, { count: number; ns: number }>;
  batch_stats: { batch_size: number }[];
}

interface IndexedModel {
  name: string;
  version?: string;
  state?: string;
}

const model = identityOf('INT32');
const rows = { inputs: [{ name: 'x', datatype: 'INT32', shape: [3, 1], data: [1, 2, 3] }] };

export const extensionCases = (server: HttpServer): Case[] => {
  const statistics = async (path: string): Promise<Statistics[]> => {
    const { status, text } = await server.get(path);
    assert.equal(status, 200, text.slice(0, 200));
    return (JSON.parse(text) as { model_stats: Statistics[] }).model_stats;
  };
  const index = async (): Promise<IndexedModel[]> => {
    const { status, text } = await server.post('/v2/repository/index');
    assert.equal(status, 200, text.slice(0, 200));
    return JSON.parse(text) as IndexedModel[];
  };
  const stateOf = async (name: string): Promise<string | undefined> =>
    (await index()).find((one) => one.name === name)?.state;

  return [
    {
      name: 'statistics count requests, rows and refusals',
      run: async () => {
        await requireExtension(server, 'statistics');
        await describeModel(server, model);
        const before = (await statistics(`/v2/models/${model}/stats`))[0]!;
        for (let i = 0; i < 4; i++) await infer(server, { model, json: rows });
        const after = (await statistics(`/v2/models/${model}/stats`))[0]!;
        const grown = (of: (one: Statistics) => number): number => of(after) - of(before);
        assert.equal(
          grown(({ inference_count }) => inference_count),
          12,
        );
        assert.equal(
          grown(({ inference_stats }) => inference_stats['success']!.count),
          4,
        );
        assert.equal(
          grown(({ execution_count }) => execution_count),
          4,
        );
        for (const part of ['queue', 'compute_input', 'compute_infer', 'compute_output'])
          assert.equal(
            grown(({ inference_stats }) => inference_stats[part]!.count),
            4,
            part,
          );
        assert.ok(grown(({ inference_stats }) => inference_stats['compute_infer']!.ns) > 0, 'takes time');
        assert.ok(
          after.batch_stats.some(({ batch_size }) => batch_size === 3),
          'a batch of three',
        );
      },
    },
    {
      name: 'statistics of one version, and of all models',
      run: async () => {
        await requireExtension(server, 'statistics');
        const { versions: [version] = [] } = await describeModel(server, model);
        const [one] = await statistics(`/v2/models/${model}/versions/${version ?? '1'}/stats`);
        assert.deepEqual([one!.name, one!.version], [model, version ?? '1']);
        assert.ok((await statistics('/v2/models/stats')).some(({ name }) => name === model));
        expectError(await server.get('/v2/models/nobody-has-this/stats'), 400, 404);
      },
    },
    {
      name: 'the index of the repository has every model',
      run: async () => {
        await requireExtension(server, 'model_repository');
        await describeModel(server, simple.name);
        assert.equal(await stateOf(simple.name), 'READY');
      },
    },
    {
      name: 'a model is unloaded and loaded again',
      run: async () => {
        await requireExtension(server, 'model_repository');
        await describeModel(server, model);
        const set = async (what: 'load' | 'unload'): Promise<void> => {
          const { status, text } = await server.post(`/v2/repository/models/${model}/${what}`);
          assert.equal(status, 200, text.slice(0, 200));
        };
        await set('unload');
        try {
          assert.notEqual((await server.get(`/v2/models/${model}/ready`)).status, 200);
          assert.notEqual(await stateOf(model), 'READY');
          const reply = await server.post(inferPath(model), { body: JSON.stringify(rows) });
          expectError(reply, 400, 404, 503);
        } finally {
          await set('load');
        }
        assert.equal((await server.get(`/v2/models/${model}/ready`)).status, 200);
        assert.equal(await stateOf(model), 'READY');
        await infer(server, { model, json: rows });
      },
    },
    {
      name: 'a model that is not there can neither be loaded nor unloaded',
      run: async () => {
        await requireExtension(server, 'model_repository');
        expectError(await server.post('/v2/repository/models/nobody-has-this/load'), 400, 404, 500);
      },
    },
    {
      name: 'the highest values are told instead of all, where they are asked for',
      run: async () => {
        await requireExtension(server, 'classification');
        const input = (name: string, data: number[]) => ({ name, datatype: 'INT32', shape: [1, 16], data });
        const rising = Array.from({ length: 16 }, (_, i) => i);
        const answer = await infer(server, {
          model: simple.name,
          json: {
            inputs: [input('INPUT0', rising), input('INPUT1', Array<number>(16).fill(0))],
            outputs: [{ name: 'OUTPUT0', parameters: { classification: 3 } }],
          },
        });
        const [output] = answer.outputs;
        assert.equal(output!.datatype, 'BYTES');
        const told = output!.data!.flat().map((text) => String(text).split(':').map(Number).slice(0, 2));
        assert.deepEqual(told, [
          [15, 15],
          [14, 14],
          [13, 13],
        ]);
      },
    },
  ];
};
