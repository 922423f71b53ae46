import { DomainError, type ModelManifest, type TensorSpec } from '@millrace/contracts';
import { loadModel, type LoadOptions } from '../model/load-model.js';
import type { OnnxModel } from '../model/onnx-model.js';
import { replayGolden } from './replay-golden.js';

const describe = (specs: readonly TensorSpec[]): string =>
  specs
    .map(({ name, datatype, shape }) => `${name} ${datatype}[${shape.join()}]`)
    .sort()
    .join(', ');

/**
 * Loads a model if it is what its manifest says: allowed by inspection, of the same inputs and outputs, and true to its
 * golden sample (which also warms it up).
 * @throws DomainError `data_invalid` when it is refused or cannot be loaded, `integrity` when it is another model
 */
export const loadVerified = async (
  bytes: Uint8Array,
  { signature, golden }: Pick<ModelManifest, 'signature' | 'golden'>,
  options: LoadOptions = {},
): Promise<OnnxModel> => {
  const model = await loadModel(bytes, options);
  try {
    for (const side of ['inputs', 'outputs'] as const) {
      const [said, found] = [describe(signature[side]), describe(model.signature[side])];
      if (said !== found)
        throw new DomainError(
          'integrity',
          `the manifest says the model's ${side} are ${said}; they are ${found}`,
        );
    }
    await replayGolden(model, golden);
    return model;
  } catch (error) {
    await model[Symbol.asyncDispose]();
    throw error;
  }
};
