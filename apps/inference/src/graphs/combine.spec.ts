import { fromHalf, toHalf } from '@millrace/onnx';
import type { Feeds } from '../protocol/tensor.js';
import { average, vote } from './combine.js';

const floats = (...values: number[]): Feeds => ({
  p: { type: 'FP32', dims: [values.length, 1], data: Float32Array.from(values) },
});
const texts = (...data: string[]): Feeds => ({ t: { type: 'BYTES', dims: [data.length], data } });

describe('average', () => {
  it('weighs each', () => {
    expect([...average([floats(1, 10), floats(5, 2)], [3, 1], ['p'])['p']!.data]).toEqual([2, 8]);
  });

  it('averages halves as the numbers that they are', () => {
    const half = (value: number): Feeds => ({
      p: { type: 'FP16', dims: [1], data: Uint16Array.of(toHalf(value)) },
    });
    const [mean] = average([half(1), half(2)], [1, 1], ['p'])['p']!.data as Uint16Array;
    expect(fromHalf(mean!)).toBe(1.5);
  });

  it('gives the class of the highest averaged probability, though no model may have chosen it', () => {
    const of = (...data: number[]): Feeds => ({
      probabilities: { type: 'FP64', dims: [1, 3], data: Float64Array.from(data) },
    });
    const { label } = average([of(0.6, 0.4, 0), of(0, 0.45, 0.55)], [1, 1], ['probabilities'], 'label');
    expect(label).toEqual({ type: 'INT64', dims: [1], data: BigInt64Array.of(1n) });
  });

  it('names what has different shapes', () => {
    expect(() => average([floats(1), floats(1, 2)], [1, 1], ['p'])).toThrow(
      "output 'p' is of the shapes [1,1] and [2,1]",
    );
  });
});

describe('vote', () => {
  it.each([
    ['the most', ['a', 'b', 'b'], [1, 1, 1], 'b'],
    ['the most weight', ['a', 'b', 'b'], [3, 1, 1], 'a'],
    ['of equal ones the first', ['c', 'b', 'b', 'c'], [1, 1, 1, 1], 'c'],
  ])('elects %s', (_, values, weights, elected) => {
    expect(
      vote(
        values.map((value) => texts(value)),
        weights,
        ['t'],
      )['t']!.data,
    ).toEqual([elected]);
  });

  it('votes on 64-bit integers', () => {
    const of = (value: bigint): Feeds => ({
      label: { type: 'INT64', dims: [1], data: BigInt64Array.of(value) },
    });
    const { label } = vote([of(2n ** 60n), of(7n), of(2n ** 60n)], [1, 1, 1], ['label']);
    expect(label!.data).toEqual(BigInt64Array.of(2n ** 60n));
  });
});
