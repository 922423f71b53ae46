import { DomainError, type ModelManifest } from '@millrace/contracts';
import { tableToFeeds } from '../feeds/table-to-feeds.js';
import type { OnnxModel } from '../model/onnx-model.js';
import type { Tensor } from '../tensor/tensor.js';

/** Largest absolute difference of all values of a tensor from nested lists of the same shape. */
export const differenceFrom = (expected: unknown, { data, dims }: Tensor): number => {
  const values = (expected as unknown[]).flat(Infinity);
  if (values.length !== data.length || (expected as unknown[]).length !== dims[0]) return Infinity;
  let largest = 0;
  values.forEach((value, i) => {
    const actual = data[i]!;
    if (typeof actual === 'string' || typeof value === 'string') {
      if (actual !== value) largest = Infinity;
      return;
    }
    const difference = Math.abs(Number(actual) - Number(value));
    largest = difference <= largest ? largest : Number.isNaN(difference) ? Infinity : difference;
  });
  return largest;
};

/**
 * Runs a model on its golden rows and compares with what its trainer computed for them.
 * @returns The largest absolute difference.
 * @throws DomainError `integrity` when it is above the golden sample's tolerance or an output is missing
 */
export const replayGolden = async (model: OnnxModel, golden: ModelManifest['golden']): Promise<number> => {
  const outputs = await model.run(tableToFeeds(model.signature, golden.rows));
  let largest = 0;
  for (const [name, expected] of Object.entries(golden.outputs)) {
    const tensor = Object.hasOwn(outputs, name) ? outputs[name] : undefined;
    const difference = tensor && Array.isArray(expected) ? differenceFrom(expected, tensor) : Infinity;
    if (difference > golden.tolerance) {
      throw new DomainError(
        'integrity',
        `output '${name}' differs from the golden sample by ${difference}, more than ${golden.tolerance}`,
        { details: { output: name, difference, tolerance: golden.tolerance } },
      );
    }
    largest = Math.max(largest, difference);
  }
  return largest;
};
