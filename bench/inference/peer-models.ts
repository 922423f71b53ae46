import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryDirectory } from '@millrace/testing';
import type { Closers } from './closers.js';
import { expectedProbabilities, type BenchModel } from './models.js';
import type { PeerModels } from './peers/start.js';

/** The same files that the replica serves, where other processes can read them. */
export const writeModels = async (
  models: readonly BenchModel[],
  closers: Closers,
): Promise<{ directory: string; models: PeerModels }> => {
  const { path: directory } = closers.use(await temporaryDirectory('millrace-peers-'));
  const written: PeerModels = {};
  for (const model of models) {
    const file = join(directory, `${model.name}.onnx`);
    await writeFile(file, model.bytes);
    written[model.name] = { file, expected: await expectedProbabilities(model) };
  }
  return { directory, models: written };
};
