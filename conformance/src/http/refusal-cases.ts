import { gzipSync } from 'node:zlib';
import assert from 'node:assert/strict';
import { identityOf, simple } from '../models/models.js';
import type { Case } from '../suite/case.js';
import type { HttpServer, Sending } from './http-server.js';
import { expectError, infer, inferPath } from './infer.js';
import { describeModel } from './server-facts.js';

const good = { name: 'x', datatype: 'FP32', shape: [1, 1], data: [1] };
const inputs = (...changed: object[]) =>
  JSON.stringify({ inputs: changed.map((one) => ({ ...good, ...one })) });
const sized = (size: unknown) => ({ data: undefined, parameters: { binary_data_size: size } });
const behind = (json: string, bytes: number, length: string | undefined = String(json.length)): Sending => ({
  body: Buffer.concat([Buffer.from(json), Buffer.alloc(bytes)]),
  headers: { 'Inference-Header-Content-Length': length },
});
const deep = '['.repeat(100_000) + ']'.repeat(100_000);

/** What is sent to a model of one FP32 input `x` of any number of rows of one, each with one mistake. */
const mistakes: readonly [name: string, sending: Sending][] = [
  ['no body', {}],
  ['no JSON', { body: 'x' }],
  ['half a document', { body: '{"inputs":[' }],
  ['an array', { body: '[]' }],
  ['null', { body: 'null' }],
  ['what is not UTF-8', { body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]) }],
  ['no inputs', { body: '{}' }],
  ['inputs that are no list', { body: '{"inputs":{}}' }],
  ['an empty list of inputs', { body: '{"inputs":[]}' }],
  ['an input that is none', { body: '{"inputs":[null]}' }],
  ['an unknown input', { body: inputs({ name: 'z' }) }],
  ['an input twice', { body: inputs({}, {}) }],
  ['another datatype', { body: inputs({ datatype: 'INT64' }) }],
  ['no datatype', { body: inputs({ datatype: undefined }) }],
  ['a datatype that is none', { body: inputs({ datatype: 'FP8' }) }],
  ['no shape', { body: inputs({ shape: undefined }) }],
  ['another rank', { body: inputs({ shape: [1] }) }],
  ['another width', { body: inputs({ shape: [1, 2], data: [1, 2] }) }],
  ['a negative size', { body: inputs({ shape: [-1, 1] }) }],
  ['half a row', { body: inputs({ shape: [0.5, 1] }) }],
  ['a shape beyond all memory', { body: inputs({ shape: [Number.MAX_SAFE_INTEGER, 1] }) }],
  ['fewer values than the shape says', { body: inputs({ shape: [2, 1] }) }],
  ['more values than the shape says', { body: inputs({ data: [1, 2] }) }],
  ['no data', { body: inputs({ data: undefined }) }],
  ['a text for a number', { body: inputs({ data: ['1'] }) }],
  ['a truth for a number', { body: inputs({ data: [true] }) }],
  ['an object for a number', { body: inputs({ data: [{}] }) }],
  [
    'data without bottom',
    { body: `{"inputs":[{"name":"x","datatype":"FP32","shape":[1,1],"data":${deep}}]}` },
  ],
  ['an unknown output', { body: JSON.stringify({ inputs: [good], outputs: [{ name: 'z' }] }) }],
  ['fewer bytes than the input says', behind(inputs(sized(4)), 3)],
  ['more bytes than the inputs say', behind(inputs(sized(4)), 5)],
  ['bytes that are not the shape', behind(inputs(sized(8)), 8)],
  ['a negative number of bytes', behind(inputs(sized(-4)), 4)],
  ['a header beyond the body', behind(inputs({}), 0, '1000000')],
  ['a header that is no number', behind(inputs({}), 0, 'all')],
  ['bytes that are not compressed', { body: inputs({}), headers: { 'Content-Encoding': 'gzip' } }],
];

const numbers: readonly [datatype: 'INT8' | 'UINT8' | 'INT64' | 'UINT64' | 'BOOL', value: string][] = [
  ['INT8', '128'],
  ['INT8', '1.5'],
  ['UINT8', '-1'],
  ['INT64', '9223372036854775808'],
  ['UINT64', '-1'],
  ['BOOL', '2'],
];

export const refusalCases = (server: HttpServer): Case[] => {
  const model = identityOf('FP32');
  const refuses = async (sending: Sending, ...statuses: number[]): Promise<void> => {
    await describeModel(server, model);
    expectError(await server.post(inferPath(model), sending), ...statuses);
  };
  return [
    ...mistakes.map(([name, sending]): Case => ({
      name: `refuses ${name}`,
      run: () => refuses(sending, 400),
    })),
    ...numbers.map(([datatype, value]): Case => ({
      name: `refuses ${value} as ${datatype}`,
      run: async () => {
        await describeModel(server, identityOf(datatype));
        const body = `{"inputs":[{"name":"x","datatype":"${datatype}","shape":[1,1],"data":[${value}]}]}`;
        expectError(await server.post(inferPath(identityOf(datatype)), { body }), 400);
      },
    })),
    {
      name: 'refuses a missing input, and says which',
      run: async () => {
        await describeModel(server, simple.name);
        const one = { name: 'INPUT0', datatype: 'INT32', shape: [1, 16], data: Array(16).fill(0) };
        const body = JSON.stringify({ inputs: [one] });
        expectError(await server.post(inferPath(simple.name), { body }), 400);
      },
    },
    {
      name: 'refuses an encoding that it does not have',
      run: () => refuses({ body: inputs({}), headers: { 'Content-Encoding': 'no-such' } }, 400, 415, 501),
    },
    {
      name: 'refuses a body that grows beyond all measure',
      run: () =>
        refuses(
          { body: gzipSync(Buffer.alloc(64_000_000, ' ')), headers: { 'Content-Encoding': 'gzip' } },
          400,
          413,
        ),
    },
    {
      name: 'refuses another method, and what is not there',
      run: async () => {
        expectError(await server.get(inferPath(model)), 400, 404, 405);
        expectError(await server.get('/v2/no-such-thing'), 400, 404);
      },
    },
    {
      name: 'goes on answering after all of that',
      run: async () => {
        const answer = await infer(server, { model, json: inputs({ data: [7] }) });
        assert.deepEqual(answer.outputs[0]!.data?.flat(), [7]);
      },
    },
  ];
};
