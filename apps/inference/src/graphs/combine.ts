import { DomainError } from '@millrace/contracts';
import { allocate, elementAt, toHalf } from '@millrace/onnx';
import type { Feeds, Tensor } from '../protocol/tensor.js';

const named = (results: readonly Feeds[], name: string): Tensor[] => {
  const tensors = results.map((outputs) => outputs[name]!);
  const [first, ...rest] = tensors;
  const odd = rest.find(({ dims }) => dims.join() !== first!.dims.join());
  if (odd)
    throw new DomainError(
      'data_invalid',
      `output '${name}' is of the shapes [${first!.dims.join()}] and [${odd.dims.join()}]`,
    );
  return tensors;
};

/** The weighted mean of each element. @param label of classifiers: the class of the highest averaged `probabilities` */
export const average = (
  results: readonly Feeds[],
  weights: readonly number[],
  names: readonly string[],
  label?: string,
): Feeds => {
  const outputs: Feeds = {};
  for (const name of names) outputs[name] = mean(named(results, name), weights);
  if (label !== undefined) outputs[label] = highest(outputs['probabilities']!);
  return outputs;
};

const mean = (tensors: readonly Tensor[], weights: readonly number[]): Tensor => {
  const { type, dims, data } = tensors[0]!;
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const sums = new Float64Array(data.length);
  tensors.forEach((tensor, i) => {
    const share = weights[i]! / whole;
    for (let at = 0; at < sums.length; at++) sums[at]! += share * Number(elementAt(tensor, at));
  });
  const averaged =
    type === 'FP16' ? Uint16Array.from(sums, toHalf) : type === 'FP32' ? Float32Array.from(sums) : sums;
  return { type, dims, data: averaged };
};

/** The first of the highest in each row. */
const highest = ({ dims, data }: Tensor): Tensor => {
  const rows = dims[0]!;
  const width = data.length / rows;
  const values = data as Float32Array;
  const labels = BigInt64Array.from({ length: rows }, (_, row) => {
    let best = 0;
    for (let i = 1; i < width; i++) if (values[row * width + i]! > values[row * width + best]!) best = i;
    return BigInt(best);
  });
  return { type: 'INT64', dims: [rows], data: labels };
};

/** For each element, the value with the most weight behind it; of equal ones, that of the first node. */
export const vote = (
  results: readonly Feeds[],
  weights: readonly number[],
  names: readonly string[],
): Feeds => {
  const outputs: Feeds = {};
  for (const name of names) outputs[name] = elect(named(results, name), weights);
  return outputs;
};

const elect = (tensors: readonly Tensor[], weights: readonly number[]): Tensor => {
  const { type, dims, data } = tensors[0]!;
  const elected = allocate(type, data.length) as Tensor['data'];
  for (let at = 0; at < data.length; at++) {
    const votes = new Map<unknown, number>();
    tensors.forEach((tensor, i) => {
      const value = tensor.data[at];
      votes.set(value, (votes.get(value) ?? 0) + weights[i]!);
    });
    let most = 0;
    for (const [value, weight] of votes)
      if (weight > most) {
        most = weight;
        (elected as unknown[])[at] = value;
      }
  }
  return { type, dims, data: elected };
};
