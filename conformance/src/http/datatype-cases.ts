import assert from 'node:assert/strict';
import { bytesThatAreNoText, golden, type Golden } from '../golden/golden.js';
import { dataIn, elementsIn, sameElement } from '../golden/same-values.js';
import { identityOf } from '../models/models.js';
import { Skipped, type Case } from '../suite/case.js';
import type { HttpServer } from './http-server.js';
import { ask, expectError, infer, inferPath, readAnswer } from './infer.js';

const binaryOut = '"parameters":{"binary_data_output":true}';

export const datatypeCases = (server: HttpServer): Case[] => [
  ...golden.flatMap((one) => casesOf(server, one)),
  {
    name: 'a raw request is one input in binary, and so is its answer',
    run: async () => {
      const model = identityOf('FP32');
      const reply = await server.post(inferPath(model), {
        body: Buffer.from('0000c0bf', 'hex'),
        headers: { 'Inference-Header-Content-Length': '0' },
      });
      assert.equal(readAnswer(reply, model).binary['y']?.toString('hex'), '0000c0bf');
    },
  },
  {
    name: 'BYTES that are no text come back unaltered, or are refused',
    run: async () => {
      const model = identityOf('BYTES');
      for (const hex of bytesThatAreNoText) {
        const bytes = Buffer.from(hex, 'hex');
        const json = `{"inputs":[${tensorOf('BYTES', 1, bytes.length)}],${binaryOut}}`;
        const reply = await ask(server, { model, json, binary: [bytes] });
        if (reply.status === 404) throw new Skipped(`the server has no model ${model}`);
        if (reply.status === 200)
          assert.equal(readAnswer(reply, model).binary['y']?.toString('hex'), hex, 'altered');
        else expectError(reply, 400);
      }
    },
  },
];

const tensorOf = (datatype: string, rows: number, size: number): string =>
  `{"name":"x","datatype":"${datatype}","shape":[${rows},1],"parameters":{"binary_data_size":${size}}}`;

const casesOf = (server: HttpServer, { datatype, elements, binaryOnly }: Golden): Case[] => {
  const model = identityOf(datatype);
  const rows = elements.length;
  const hex = elements.map(([, bytes]) => bytes).join('');
  const inJson = `{"name":"x","datatype":"${datatype}","shape":[${rows},1],"data":[${elements.map(([json]) => json).join()}]}`;
  const binary = Buffer.from(hex, 'hex');
  const inBinary = tensorOf(datatype, rows, binary.length);
  const expectJson = (text: string): void => {
    const said = elementsIn(dataIn(text));
    assert.equal(said.length, rows);
    elements.forEach(([expected], i) =>
      assert.ok(sameElement(datatype, said[i]!, expected), `${datatype} ${expected} came back as ${said[i]}`),
    );
  };
  return [
    {
      name: `${datatype}: JSON in, JSON out`,
      run: async () => expectJson((await infer(server, { model, json: `{"inputs":[${inJson}]}` })).text),
    },
    {
      name: `${datatype}: JSON in, binary out`,
      run: async () => {
        const answer = await infer(server, { model, json: `{"inputs":[${inJson}],${binaryOut}}` });
        assert.equal(answer.binary['y']?.toString('hex'), hex);
      },
    },
    {
      name: `${datatype}: binary in, JSON out`,
      run: async () =>
        expectJson((await infer(server, { model, json: `{"inputs":[${inBinary}]}`, binary: [binary] })).text),
    },
    {
      name: `${datatype}: binary in, binary out, bit by bit`,
      run: async () => {
        const whole = Buffer.from(hex + binaryOnly.join(''), 'hex');
        const tensor = tensorOf(datatype, rows + binaryOnly.length, whole.length);
        const answer = await infer(server, {
          model,
          json: `{"inputs":[${tensor}],${binaryOut}}`,
          binary: [whole],
        });
        assert.equal(answer.binary['y']?.toString('hex'), whole.toString('hex'));
      },
    },
  ];
};
