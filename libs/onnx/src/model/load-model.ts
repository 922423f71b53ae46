import { readFile, stat } from 'node:fs/promises';
import { DomainError } from '@millrace/contracts';
import type { InferenceSession } from 'onnxruntime-node';
import { modelLimits } from '../inspect/allowed-ops.js';
import { inspectModel } from '../inspect/inspect-model.js';
import { OnnxModel } from './onnx-model.js';

export interface LoadOptions {
  /** Threads inside one run. Default 1: several models in several workers do better than one model on all cores. */
  intraOpNumThreads?: number;
}

export const sessionOptions = ({ intraOpNumThreads = 1 }: LoadOptions): InferenceSession.SessionOptions => ({
  intraOpNumThreads,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  logSeverityLevel: 4,
});

export const cannotLoad = (cause: unknown): DomainError =>
  new DomainError('data_invalid', `the model cannot be loaded: ${(cause as Error).message}`, { cause });

/**
 * Inspects a model, then loads it into ONNX Runtime, which is itself loaded on first use.
 * @param source The file's bytes, or its path.
 * @throws DomainError `data_invalid` when it is refused or cannot be loaded, `not_found`
 */
export const loadModel = async (
  source: Uint8Array | string,
  options: LoadOptions = {},
): Promise<OnnxModel> => {
  const bytes = typeof source === 'string' ? await readModelFile(source) : source;
  const { inputs, outputs, ops, metadata } = inspectModel(bytes);
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  try {
    const session = await InferenceSession.create(bytes, sessionOptions(options));
    return new OnnxModel({ inputs, outputs }, ops, metadata, session, Tensor);
  } catch (error) {
    throw cannotLoad(error);
  }
};

const readModelFile = async (path: string): Promise<Uint8Array> => {
  try {
    const { size } = await stat(path);
    if (size > modelLimits.bytes) {
      throw new DomainError('data_invalid', `the model has ${size} bytes, more than ${modelLimits.bytes}`);
    }
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new DomainError('not_found', 'the model file does not exist', { cause: error });
    }
    throw error;
  }
};
