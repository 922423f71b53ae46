import type { ExecutionSettings } from './execution-settings.js';
import { settingsFor } from './execution-settings.js';

const replica: ExecutionSettings = {
  runner: 'auto',
  runners: 1,
  inlineMaxMs: 2,
  loadTimeoutMs: 1_000,
  timeoutMs: 500,
  memoryMb: 512,
  maxQueued: 10,
  maxBatchRows: 64,
  maxBatchDelayMs: 0,
  preferredBatchRows: [],
};

it('an endpoint says of its own only what it says', () => {
  expect(settingsFor(replica, undefined)).toBe(replica);
  const options = { runners: 2, maxBatchDelayMs: 5, preferredBatchRows: [8], timeoutMs: undefined };
  expect(settingsFor(replica, options as object)).toEqual({
    ...replica,
    runners: 2,
    maxBatchDelayMs: 5,
    preferredBatchRows: [8],
  });
});

it('a limit of memory wants a process, unless it is said where', () => {
  expect(settingsFor(replica, { memoryMb: 64 })).toMatchObject({ runner: 'process', memoryMb: 64 });
  expect(settingsFor(replica, { memoryMb: 64, runner: 'thread' })).toMatchObject({ runner: 'thread' });
});
