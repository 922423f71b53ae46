import { createRequire } from 'node:module';
import type * as Runtime from 'onnxruntime-node';
import { GraphBuilder } from '../graph/graph-builder.js';
import { loadModel } from '../model/load-model.js';
import { allocate } from './tensor-arrays.js';
import { tensorTypes, type Tensor, type TensorType } from './tensor.js';

const identity = (type: TensorType): Uint8Array => {
  const graph = new GraphBuilder('identity');
  graph.node('Identity', [graph.input('x', type, [null, 1])], { output: 'y' });
  graph.output('y', type, [null, 1]);
  return graph.finish({});
};

const run = async (type: TensorType, data: Tensor['data']): Promise<Tensor> => {
  await using model = await loadModel(identity(type));
  const { y } = await model.run({ x: { type, dims: [data.length, 1], data } as Tensor });
  return y!;
};

const numeric = (Object.keys(tensorTypes) as TensorType[]).filter((type) => type !== 'BYTES');

it.each(numeric)('%s goes through ONNX Runtime bit by bit', async (type) => {
  const data = allocate(type, 64) as Exclude<Tensor['data'], string[]>;
  const bytes = new Uint8Array(data.buffer);
  // Every pattern of bits, among them NaNs with a payload and the smallest integers.
  for (let i = 0; i < bytes.length; i++) bytes[i] = type === 'BOOL' ? i & 1 : (i * 37 + 128) & 0xff;
  const out = await run(type, data);
  expect(out).toMatchObject({ type, dims: [64, 1] });
  expect(out.data.constructor).toBe(data.constructor);
  const { buffer, byteOffset, byteLength } = out.data as Uint8Array;
  expect(new Uint8Array(buffer, byteOffset, byteLength)).toEqual(bytes);
});

describe('BYTES', () => {
  it('goes through unchanged, whatever Unicode it is', async () => {
    const texts = ['', ' ', '\u0001\u007f', 'ä€😀', '\ufffd', '\ufeffa', 'a\r\n\t"\\', 'x'.repeat(70_000)];
    expect((await run('BYTES', texts)).data).toEqual(texts);
  });

  it.each([
    ['a NUL', 'a\0b'],
    ['a lone surrogate', 'a\ud800'],
  ])('with %s is refused by element', async (_, text) => {
    await expect(run('BYTES', ['ok', text])).rejects.toMatchObject({
      code: 'invalid_request',
      message: 'x: must be a string of whole Unicode characters without NUL, which element 1 is not',
    });
  });

  // Why it is refused. Should the binding carry them some day, this test says so.
  it('with those would be altered by the binding without a word', async () => {
    const require = createRequire(import.meta.url);
    const { InferenceSession, Tensor: RuntimeTensor } = require('onnxruntime-node') as typeof Runtime;
    const session = await InferenceSession.create(identity('BYTES'));
    const { y } = await session.run({ x: new RuntimeTensor('string', ['a\0b', 'a\ud800'], [2, 1]) });
    expect(y!.data).toEqual(['a', 'a\ufffd']);
    await session.release();
  });
});
