import type { Feeds } from '../protocol/tensor.js';
import { compareOutputs } from './compare-outputs.js';

const numbers = (...data: number[]): Feeds => ({
  prediction: { type: 'FP64', dims: [data.length, 1], data: Float64Array.from(data) },
});
const classes = (label: bigint[], ...probabilities: number[]): Feeds => ({
  label: { type: 'INT64', dims: [label.length], data: BigInt64Array.from(label) },
  probabilities: { type: 'FP32', dims: [label.length, 2], data: Float32Array.from(probabilities) },
});

describe('answers beside one another', () => {
  it('are the same within the tolerance, of small numbers and of large ones', () => {
    expect(compareOutputs(numbers(1, 2, 3), numbers(1, 2.5, 3), 3, 0.1)).toEqual({
      rows: 3,
      agreed: 2,
      largestDifference: 0.5,
      largestDifferenceIn: 'prediction',
    });
    expect(compareOutputs(numbers(0, 1000), numbers(0.09, 1099), 2, 0.1).agreed).toBe(2);
    expect(compareOutputs(numbers(0, 1000), numbers(0.11, 1200), 2, 0.1).agreed).toBe(0);
  });

  it('must have the same classes, and a row must agree in everything', () => {
    const a = classes([0n, 1n], 0.75, 0.25, 0.25, 0.75);
    expect(compareOutputs(a, classes([0n, 0n], 0.75, 0.25, 0.25, 0.75), 2, 0.1)).toMatchObject({
      agreed: 1,
      largestDifference: 0,
    });
    expect(compareOutputs(a, classes([0n, 1n], 0.5, 0.5, 0.25, 0.75), 2, 0.1)).toMatchObject({
      agreed: 1,
      largestDifference: 0.25,
      largestDifferenceIn: 'probabilities',
    });
  });

  it('are the same where both are no number, and no number is no difference', () => {
    expect(compareOutputs(numbers(NaN, Infinity), numbers(NaN, Infinity), 2, 0)).toMatchObject({ agreed: 2 });
    expect(compareOutputs(numbers(NaN, 1), numbers(1, Infinity), 2, 1)).toMatchObject({
      agreed: 0,
      largestDifference: 0,
    });
  });

  it('of another form do not agree; what only one has is passed over', () => {
    const text: Feeds = { prediction: { type: 'BYTES', dims: [1, 1], data: ['a'] } };
    expect(compareOutputs(numbers(1), text, 1, 1)).toMatchObject({ agreed: 0, largestDifference: undefined });
    expect(compareOutputs(numbers(1, 2), numbers(1), 2, 1).agreed).toBe(0);
    expect(compareOutputs(numbers(1), { other: numbers(1)['prediction']! }, 1, 0).agreed).toBe(1);
    const whole: Feeds = { mean: { type: 'FP32', dims: [1], data: Float32Array.of(2) } };
    const other: Feeds = { mean: { type: 'FP32', dims: [1], data: Float32Array.of(4) } };
    expect(compareOutputs(whole, other, 3, 0.1)).toMatchObject({ agreed: 0, largestDifference: 2 });
  });
});
