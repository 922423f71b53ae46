import { DomainError, type ModelManifest, type TensorSpec } from '@millrace/contracts';
import { loadModel, type LoadOptions } from '../model/load-model.js';
import type { OnnxModel } from '../model/onnx-model.js';
import type { RunnableModel } from '../model/runnable-model.js';
import { replayGolden } from './replay-golden.js';

const describe = (specs: readonly TensorSpec[]): string =>
  specs
    .map(({ name, datatype, shape }) => `${name} ${datatype}[${shape.join()}]`)
    .sort()
    .join(', ');

type Promised = Pick<ModelManifest, 'signature' | 'golden'>;

/**
 * Is a model what its manifest says: of the same inputs and outputs, and true to its golden sample? This also warms it up.
 * @throws DomainError `integrity` when it is another model
 */
export const verifyModel = async (model: RunnableModel, { signature, golden }: Promised): Promise<void> => {
  for (const side of ['inputs', 'outputs'] as const) {
    const [said, found] = [describe(signature[side]), describe(model.signature[side])];
    if (said !== found)
      throw new DomainError(
        'integrity',
        `the manifest says the model's ${side} are ${said}; they are ${found}`,
      );
  }
  await replayGolden(model, golden);
};

/**
 * Loads a model if it is allowed by inspection, and what its manifest says.
 * @throws DomainError `data_invalid` when it is refused or cannot be loaded, `integrity` when it is another model
 */
export const loadVerified = async (
  bytes: Uint8Array,
  manifest: Promised,
  options: LoadOptions = {},
): Promise<OnnxModel> => {
  const model = await loadModel(bytes, options);
  try {
    await verifyModel(model, manifest);
    return model;
  } catch (error) {
    await model[Symbol.asyncDispose]();
    throw error;
  }
};
