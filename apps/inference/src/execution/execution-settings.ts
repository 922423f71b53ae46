import type { ExecutionOptions, RunnerKind } from '@millrace/contracts';

/** How a replica executes one model, all said. */
export interface ExecutionSettings {
  runner: RunnerKind;
  /** Threads or processes that run the model side by side. */
  runners: number;
  /** What one run may hold up this thread. Models that take longer for one row run elsewhere. */
  inlineMaxMs: number;
  loadTimeoutMs: number;
  /** Of one run elsewhere. */
  timeoutMs: number;
  /** Of a process, for the model, in MiB. */
  memoryMb: number;
  maxQueued: number;
  maxBatchRows: number;
  maxBatchDelayMs: number;
  preferredBatchRows: readonly number[];
}

/** The replica's settings, with what an endpoint says of its own. A limit of memory wants a process. */
export const settingsFor = (
  replica: ExecutionSettings,
  options: ExecutionOptions | undefined,
): ExecutionSettings => {
  if (!options) return replica;
  const said = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const settings = { ...replica, ...said } as ExecutionSettings;
  const confined = options.memoryMb !== undefined && (options.runner ?? 'auto') === 'auto';
  return confined ? { ...settings, runner: 'process' } : settings;
};
