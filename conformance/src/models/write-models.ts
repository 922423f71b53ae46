import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suiteModels } from './models.js';
import { onnxFile } from './onnx-file.js';

/** All models as a directory that Triton takes for its model repository: `<model>/1/model.onnx`. */
export const writeModels = async (directory: string): Promise<void> => {
  for (const model of suiteModels) {
    const version = join(directory, model.name, '1');
    await mkdir(version, { recursive: true });
    await writeFile(join(version, 'model.onnx'), onnxFile(model.name, model));
  }
};
