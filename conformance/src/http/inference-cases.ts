import assert from 'node:assert/strict';
import { deflateSync, gzipSync } from 'node:zlib';
import { simple } from '../models/models.js';
import type { Case } from '../suite/case.js';
import type { HttpServer } from './http-server.js';
import { infer, readAnswer, type Answer } from './infer.js';
import { describeModel } from './server-facts.js';

const model = simple.name;
const left = Array.from({ length: 16 }, (_, i) => i);
const right = left.map((i) => 100 - 3 * i);
const sum = left.map((value, i) => value + right[i]!);
const difference = left.map((value, i) => value - right[i]!);
const bytesOf = (values: readonly number[]): Buffer => Buffer.from(Int32Array.from(values).buffer);
const valuesOf = (bytes: Buffer | undefined): number[] =>
  Array.from({ length: (bytes?.length ?? 0) / 4 }, (_, i) => bytes!.readInt32LE(4 * i));

const tensor = (name: string, rest: object, rows = 1) => ({
  name,
  datatype: 'INT32',
  shape: [rows, 16],
  ...rest,
});
const inJson = [tensor('INPUT0', { data: left }), tensor('INPUT1', { data: right })];
const behind = { parameters: { binary_data_size: 64 } };
const inBinary = [tensor('INPUT0', behind), tensor('INPUT1', behind)];
const raw = [bytesOf(left), bytesOf(right)];

const outputOf = ({ outputs, binary }: Answer, name: string): unknown[] => {
  const output = outputs.find((one) => one.name === name);
  assert.ok(output, `there is an output ${name}`);
  assert.equal(output.datatype, 'INT32');
  return output.data?.flat() ?? valuesOf(binary[name]);
};

const expectBoth = (answer: Answer): void => {
  assert.deepEqual(outputOf(answer, 'OUTPUT0'), sum);
  assert.deepEqual(outputOf(answer, 'OUTPUT1'), difference);
  for (const { shape } of answer.outputs) assert.deepEqual(shape, [1, 16]);
};

export const inferenceCases = (server: HttpServer): Case[] => [
  {
    name: 'JSON in, JSON out',
    run: async () => expectBoth(await infer(server, { model, json: { inputs: inJson } })),
  },
  {
    name: 'nested data is the same as flat',
    run: async () => {
      const nested = [tensor('INPUT0', { data: [left] }), tensor('INPUT1', { data: [right] })];
      expectBoth(await infer(server, { model, json: { inputs: nested } }));
    },
  },
  {
    name: 'inputs may come in any order, and with a media type or without',
    run: async () => {
      const json = { inputs: [...inJson].reverse() };
      for (const headers of [{}, { 'Content-Type': 'application/json' }] as Record<string, string>[])
        expectBoth(await infer(server, { model, json, headers }));
    },
  },
  {
    name: 'the id comes back, and parameters that mean nothing are tolerated',
    run: async () => {
      const parameters = { of_ours: 'text', sequence_id: 0, priority: 1, timeout: 20_000_000 };
      const answer = await infer(server, { model, json: { id: 'ä-17', parameters, inputs: inJson } });
      assert.equal(answer.id, 'ä-17');
      expectBoth(answer);
    },
  },
  {
    name: 'a version is asked for, and named',
    run: async () => {
      const { versions: [version] = [] } = await describeModel(server, model);
      const answer = await infer(server, {
        model,
        json: { inputs: inJson },
        ...(version === undefined ? {} : { version }),
      });
      assert.equal(typeof answer.model_version, 'string');
      if (version !== undefined) assert.equal(answer.model_version, version);
    },
  },
  {
    name: 'only the outputs that are asked for, in that order',
    run: async () => {
      const names = async (...asked: string[]) =>
        (
          await infer(server, { model, json: { inputs: inJson, outputs: asked.map((name) => ({ name })) } })
        ).outputs.map(({ name }) => name);
      assert.deepEqual(await names('OUTPUT1'), ['OUTPUT1']);
      assert.deepEqual(await names('OUTPUT1', 'OUTPUT0'), ['OUTPUT1', 'OUTPUT0']);
    },
  },
  {
    name: 'binary in, JSON out',
    run: async () => {
      const answer = await infer(server, { model, json: { inputs: inBinary }, binary: raw });
      assert.deepEqual(Object.keys(answer.binary), []);
      expectBoth(answer);
    },
  },
  {
    name: 'binary in, binary out',
    run: async () => {
      const json = { inputs: inBinary, parameters: { binary_data_output: true } };
      const answer = await infer(server, { model, json, binary: raw });
      assert.deepEqual(Object.keys(answer.binary).sort(), ['OUTPUT0', 'OUTPUT1']);
      expectBoth(answer);
    },
  },
  {
    name: 'JSON and binary mixed, both ways',
    run: async () => {
      const json = {
        inputs: [inJson[0], inBinary[1]],
        parameters: { binary_data_output: true },
        outputs: [{ name: 'OUTPUT0', parameters: { binary_data: false } }, { name: 'OUTPUT1' }],
      };
      const answer = await infer(server, { model, json, binary: [raw[1]!] });
      assert.deepEqual(Object.keys(answer.binary), ['OUTPUT1']);
      expectBoth(answer);
    },
  },
  {
    name: 'binary tensors of an odd offset',
    run: async () => {
      for (const id of ['', 'x', 'xx', 'xxx']) {
        const answer = await infer(server, { model, json: { id, inputs: inBinary }, binary: raw });
        expectBoth(answer);
      }
    },
  },
  {
    name: 'many rows',
    run: async () => {
      const rows = 50;
      const repeat = (values: readonly number[]): number[] =>
        Array.from({ length: rows }, () => values).flat();
      const json = {
        inputs: [
          tensor('INPUT0', { data: repeat(left) }, rows),
          tensor('INPUT1', { data: repeat(right) }, rows),
        ],
      };
      const answer = await infer(server, { model, json });
      assert.deepEqual(answer.outputs[0]!.shape, [rows, 16]);
      assert.deepEqual(outputOf(answer, 'OUTPUT1'), repeat(difference));
    },
  },
  {
    name: 'many at once are each answered with their own',
    run: async () => {
      const one = async (n: number): Promise<void> => {
        const data = left.map((value) => value + n);
        const inputs = [tensor('INPUT0', { data }), tensor('INPUT1', { data: left })];
        const answer = await infer(server, { model, json: { id: String(n), inputs } });
        assert.equal(answer.id, String(n));
        assert.deepEqual(outputOf(answer, 'OUTPUT1'), Array(16).fill(n));
      };
      await Promise.all(Array.from({ length: 100 }, (_, n) => one(n)));
    },
  },
  {
    name: 'compressed requests',
    run: async () => {
      const json = Buffer.from(JSON.stringify({ inputs: inBinary }));
      const whole = Buffer.concat([json, ...raw]);
      for (const [encoding, compress] of [
        ['gzip', gzipSync],
        ['deflate', deflateSync],
      ] as const) {
        const reply = await server.post(`/v2/models/${model}/infer`, {
          body: compress(whole),
          headers: { 'Content-Encoding': encoding, 'Inference-Header-Content-Length': String(json.length) },
        });
        expectBoth(readAnswer(reply, model));
      }
    },
  },
  {
    name: 'compressed answers, where they are accepted',
    run: async () => {
      const json = { inputs: inBinary, parameters: { binary_data_output: true } };
      for (const encoding of ['gzip', 'deflate', 'identity', 'br;q=0.1'])
        expectBoth(
          await infer(server, { model, json, binary: raw, headers: { 'Accept-Encoding': encoding } }),
        );
    },
  },
];
