import { gzipSync, inflateSync } from 'node:zlib';
import {
  modelMetadata,
  modelReady,
  serverMetadata,
  type InferResponse,
  type ServedModel,
} from '@millrace/contracts';
import fc from 'fast-check';
import { eventually } from '@millrace/testing';
import { line, openBench, type Bench } from '../testing/bench.js';
import { penguin, putLine, putPenguins, species } from '../testing/models.js';

describe('predictions', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench();
    bench.deployment.want('line', 7, await putLine(bench.artifacts, 2));
    bench.deployment.want('penguins', 1, await putPenguins(bench.artifacts));
    await bench.start({ MAX_ROWS: '1000', MAX_BODY_BYTES: '100000' });
    await bench.settled();
  });
  afterAll(() => bench?.[Symbol.asyncDispose]());

  const tensors = () => ({
    inputs: [
      ...(['bill_length', 'bill_depth', 'flipper', 'mass'] as const).map((name) => ({
        name,
        datatype: 'FP32',
        shape: [1, 1],
        data: [penguin[name] as unknown],
      })),
      ...(['island', 'sex'] as const).map((name) => ({
        name,
        datatype: 'BYTES',
        shape: [1, 1],
        data: [penguin[name] as unknown],
      })),
      { name: 'seen', datatype: 'INT64', shape: [1, 1], data: [Date.parse(penguin.seen) as unknown] },
    ],
  });
  const outputOf = (response: InferResponse, name: string) =>
    response.outputs.find((output) => output.name === name);

  it('speak the Open Inference Protocol', async () => {
    expect(await bench.infer('line', { id: 'a', ...line(1, 2.5) })).toEqual({
      model_name: 'line',
      model_version: '7',
      id: 'a',
      outputs: [{ name: 'prediction', datatype: 'FP32', shape: [2, 1], data: [3, 6] }],
    });
  });

  it('answer classes and probabilities', async () => {
    const response = await bench.infer('penguins', tensors());
    const probabilities = outputOf(response, 'probabilities')!;
    expect(probabilities).toMatchObject({ datatype: 'FP32', shape: [1, 3] });
    const values = probabilities.data as number[];
    expect(values.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    expect(outputOf(response, 'label')).toEqual({
      name: 'label',
      datatype: 'INT64',
      shape: [1],
      data: [values.indexOf(Math.max(...values))],
    });
    const chosen = await bench.infer('penguins', { ...tensors(), outputs: [{ name: 'label' }] });
    expect(chosen.outputs.map(({ name }) => name)).toEqual(['label']);
  });

  it('answer the same to records of columns, in words', async () => {
    const response = await bench.infer('penguins', tensors());
    const [label] = outputOf(response, 'label')!.data as number[];
    const probabilities = outputOf(response, 'probabilities')!.data as number[];
    const { predictions, ...rest } = await bench.rows('penguins', {
      id: 'b',
      rows: [penguin, { ...penguin, sex: null }],
    });
    expect(rest).toEqual({ id: 'b', model_name: 'penguins', model_version: '1' });
    expect(predictions).toHaveLength(2);
    expect(predictions[0]).toEqual({
      label: species[label!],
      probabilities: Object.fromEntries(species.map((name, i) => [name, probabilities[i]])),
    });
    expect(await bench.rows('line', { rows: [{ x: 4 }] })).toMatchObject({
      predictions: [{ prediction: 9 }],
    });
  });

  it('are each caller’s own under load', async () => {
    const answers = await Promise.all(
      Array.from({ length: 500 }, (_, i) => bench.infer('line', { id: String(i), ...line(i) })),
    );
    expect(answers.map(({ id, outputs }) => [id, outputs[0]!.data])).toEqual(
      Array.from({ length: 500 }, (_, i) => [String(i), [2 * i + 1]]),
    );
  });

  it('heed the version that is asked for', async () => {
    expect(await bench.infer('line', line(1), { 'Millrace-Model-Version': '7' })).toMatchObject({
      model_version: '7',
    });
    await expect(bench.infer('line', line(1), { 'Millrace-Model-Version': '8' })).rejects.toMatchObject({
      code: 'not_found',
      message: "Request for unknown model: 'line' version 8 is not found",
    });
  });

  it.each<[string, (bench: Bench) => Promise<unknown>, string, string]>([
    [
      'a wrong name',
      (b) => b.infer('line', { inputs: [{ ...line(1).inputs[0], name: 'y' }] }),
      'invalid_request',
      'inputs[0].name: the model has no input "y"',
    ],
    [
      'a wrong shape',
      (b) => b.infer('line', { inputs: [{ ...line(1).inputs[0], shape: [1, 2] }] }),
      'invalid_request',
      "input 'x' must have shape [-1,1]",
    ],
    ['a wrong type', (b) => b.infer('line', line('one')), 'invalid_request', "input 'x' must be a number"],
    [
      'NaN',
      (b) => b.infer('line', '{"inputs":[{"name":"x","datatype":"FP32","shape":[1,1],"data":[NaN]}]}'),
      'invalid_request',
      'NaN and Infinity are no JSON',
    ],
    [
      'too many rows',
      (b) => b.infer('line', line(...Array<number>(1001).fill(0))),
      'payload_too_large',
      '1001 rows, more than the limit of 1000',
    ],
    [
      'too large a body',
      (b) => b.infer('line', ' '.repeat(100_001)),
      'payload_too_large',
      'the limit of 100000',
    ],
    ['no body', (b) => b.infer('line', ''), 'invalid_request', 'it is empty'],
    [
      'a record without a column',
      (b) => b.rows('line', { rows: [{ x: 1 }, {}] }),
      'invalid_request',
      'rows[1].x: is missing',
    ],
    [
      'a record with another column',
      (b) => b.rows('line', { rows: [{ x: 1, y: 2 }] }),
      'invalid_request',
      'rows[0].y',
    ],
    [
      'a record of another type',
      (b) => b.rows('line', { rows: [{ x: 'one' }] }),
      'invalid_request',
      'rows[0].x',
    ],
    ['no records', (b) => b.rows('line', { rows: [] }), 'invalid_request', 'rows'],
    [
      'records that are no list',
      (b) => b.rows('line', { rows: { x: 1 } }),
      'invalid_request',
      'rows: must be an array',
    ],
    ['a misspelt key', (b) => b.rows('line', { row: [{ x: 1 }] }), 'invalid_request', 'row: is not known'],
    [
      'too many records',
      (b) => b.rows('line', { rows: Array(1001).fill({ x: 1 }) }),
      'payload_too_large',
      'the limit of 1000',
    ],
  ])('refuse %s, by name', async (_, act, code, message) => {
    await expect(act(bench)).rejects.toMatchObject({
      code,
      retryable: false,
      message: expect.stringContaining(message),
    });
  });

  it('say as headers what went wrong, for callers without a library', async () => {
    const reply = await bench.nc.request(bench.client.subjects.infer('line'), '{}', { timeout: 5_000 });
    expect(reply.headers?.get('Nats-Service-Error-Code')).toBe('400');
    expect(reply.json()).toMatchObject({ code: 'invalid_request', retryable: false });
  });

  it('survive any body, with a classified error', async () => {
    const leaf = fc.oneof(fc.constantFrom('x', 'FP32', 1, null, [1], [[1]], [1, 1]), fc.jsonValue());
    const tensor = fc.record({ name: leaf, datatype: leaf, shape: leaf, data: leaf }, { requiredKeys: [] });
    const body = fc.oneof(
      fc
        .record(
          {
            id: leaf,
            inputs: fc.oneof(leaf, fc.array(tensor)),
            outputs: leaf,
            rows: fc.oneof(leaf, fc.array(fc.dictionary(fc.constantFrom('x', '__proto__'), leaf))),
          },
          { requiredKeys: [] },
        )
        .map((value) => Buffer.from(JSON.stringify(value))),
      fc.uint8Array({ maxLength: 200 }),
    );
    const outcome = async (answer: Promise<unknown>): Promise<unknown> =>
      answer.then(
        () => 'answered',
        (error: { code: string }) => error.code,
      );
    await fc.assert(
      fc.asyncProperty(body, async (bytes) => {
        for (const answer of [bench.infer('line', bytes), bench.rows('line', bytes)])
          expect(['answered', 'invalid_request', 'payload_too_large']).toContain(await outcome(answer));
      }),
      { numRuns: 200 },
    );
    expect(await bench.infer('line', line(1))).toMatchObject({ outputs: [{ data: [3] }] });
  });

  it('are described', async () => {
    expect(await bench.client.request(serverMetadata, {})).toEqual({
      name: 'millrace',
      version: '0.1.0',
      extensions: expect.arrayContaining(['binary_tensor_data', 'parameters']),
    });
    expect(await bench.client.request(modelMetadata, { endpoint: 'line' })).toEqual({
      name: 'line',
      versions: ['7'],
      platform: 'onnx_onnxv1',
      inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 1] }],
      outputs: [{ name: 'prediction', datatype: 'FP32', shape: [-1, 1] }],
    });
    expect(await bench.client.request(modelReady, { endpoint: 'line', version: 7 })).toEqual({
      name: 'line',
      ready: true,
    });
    const asks = (['metadata', 'ready'] as const).map(
      (name) =>
        (model: ServedModel): Promise<unknown> =>
          name === 'ready'
            ? bench.client.request(modelReady, model)
            : bench.client.request(modelMetadata, model),
    );
    for (const ask of asks) {
      await expect(ask({ endpoint: 'nobody' })).rejects.toMatchObject({
        code: 'not_found',
        message: "Request for unknown model: 'nobody' is not found",
      });
      await expect(ask({ endpoint: 'line', version: 8 })).rejects.toMatchObject({ code: 'not_found' });
    }
  });

  it('are compressed both ways where the headers say so', async () => {
    const many = Array.from({ length: 500 }, (_, i) => i);
    const body = gzipSync(JSON.stringify(line(...many)));
    const packed = await bench.inferRaw('line', body, {
      'Content-Encoding': 'gzip',
      'Accept-Encoding': 'deflate',
    });
    expect(packed.header('Content-Encoding')).toBe('deflate');
    const { outputs } = JSON.parse(inflateSync(packed.data).toString()) as InferResponse;
    expect(outputs[0]!.data).toEqual(many.map((x) => 2 * x + 1));
  });

  it('are no service where there is no endpoint', async () => {
    await expect(bench.infer('nobody', line(1))).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('were reported ready', async () => {
    await eventually(() => bench.deployment.reportOf('line', 1));
    expect(bench.deployment.reportOf('line', 1)).toEqual({
      endpoint: 'line',
      replica: 'r1',
      revision: 1,
      state: 'ready',
    });
  });
});
