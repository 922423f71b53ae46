import type { ExecutionSettings } from '../execution/execution-settings.js';
import type { ShelfLimits } from '../models/shelf.js';
import type { InferenceEnv } from './inference.env.js';

/** How models are executed where their endpoint does not say otherwise. */
export const executionSettings = (env: InferenceEnv): ExecutionSettings => ({
  runner: env.RUNNER,
  runners: env.RUNNERS,
  inlineMaxMs: env.INLINE_MAX_MS,
  loadTimeoutMs: env.LOAD_TIMEOUT_MS,
  timeoutMs: env.RUN_TIMEOUT_MS,
  memoryMb: env.MODEL_MEMORY_MB,
  maxQueued: env.MAX_QUEUED,
  maxBatchRows: env.MAX_BATCH_ROWS,
  maxBatchDelayMs: 0,
  preferredBatchRows: [],
});

export const shelfLimits = (env: InferenceEnv): ShelfLimits => ({
  models: env.MAX_MODELS_IN_MEMORY,
  bytes: env.MODELS_MEMORY_MB * 2 ** 20,
});
