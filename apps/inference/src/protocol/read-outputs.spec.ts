import { thrownBy } from '@millrace/testing';
import { compileInterface } from './model-interface.js';
import { parseInferRequest } from './parse-infer-request.js';

describe('outputs', () => {
  const model = compileInterface({
    inputs: [],
    outputs: [
      { name: 'y', datatype: 'FP32', shape: [-1] },
      { name: 'z', datatype: 'BYTES', shape: [-1] },
    ],
  });
  const outputs = (json: object) =>
    parseInferRequest(Buffer.from(JSON.stringify({ inputs: [], ...json })), { get: () => undefined }, model, {
      maxBodyBytes: 10_000,
      maxRows: 100,
    }).outputs;

  it.each<[string, object, unknown]>([
    [
      'as JSON unless asked for otherwise',
      {},
      [
        { name: 'y', binary: false, top: 0 },
        { name: 'z', binary: false, top: 0 },
      ],
    ],
    [
      'all in binary',
      { parameters: { binary_data_output: true } },
      [
        { name: 'y', binary: true, top: 0 },
        { name: 'z', binary: true, top: 0 },
      ],
    ],
    [
      'each as it says itself',
      {
        parameters: { binary_data_output: true },
        outputs: [{ name: 'z', parameters: { binary_data: false } }, { name: 'y' }],
      },
      [
        { name: 'z', binary: false, top: 0 },
        { name: 'y', binary: true, top: 0 },
      ],
    ],
    [
      'as classes',
      { outputs: [{ name: 'y', parameters: { classification: 3, binary_data: true } }] },
      [{ name: 'y', binary: true, top: 3 }],
    ],
  ])('are answered %s', (_, json, expected) => {
    expect(outputs(json)).toEqual(expected);
  });

  it.each<[object, string, string]>([
    [{ parameters: { binary_data_output: 'yes' } }, 'parameters.binary_data_output', 'must be true or false'],
    [{ outputs: [{ name: 'y', parameters: 1 }] }, 'outputs[0].parameters', 'must be an object'],
    [
      { outputs: [{ name: 'y', parameters: { binary_data: 1 } }] },
      'outputs[0].parameters.binary_data',
      'true or false',
    ],
    [
      { outputs: [{ name: 'y', parameters: { classification: -1 } }] },
      'outputs[0].parameters.classification',
      'number of classes',
    ],
    [
      { outputs: [{ name: 'z', parameters: { classification: 1 } }] },
      'outputs[0].parameters.classification',
      'not available for an output of BYTES',
    ],
    [{ outputs: [null] }, 'outputs[0].name', 'no output nothing'],
  ])('%j are refused', (json, field, message) => {
    expect(thrownBy(() => outputs(json)).details?.fields).toEqual([
      { field, message: expect.stringContaining(message) },
    ]);
  });
});
