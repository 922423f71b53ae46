import { statSync } from 'node:fs';
import { DomainError } from '@millrace/contracts';
import type { EngineSettings, SessionOptions } from './session.js';

const everyMs = 200;

const bytesOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** Why work was stopped from outside: the caller's own reason where it is one of ours. */
const reasonOf = (signal: AbortSignal): DomainError =>
  signal.reason instanceof DomainError
    ? signal.reason
    : new DomainError('cancelled', 'the work was cancelled', { cause: signal.reason });

/**
 * Watches one session: time, the caller's signal, bytes written. Calls `stop` at most once, with the reason.
 * @returns how to end the watch
 */
export const watch = (
  settings: EngineSettings,
  { signal, writes = [] }: SessionOptions,
  stop: (reason: DomainError) => void,
): (() => void) => {
  const timeout = setTimeout(
    () => halt(new DomainError('deadline_exceeded', `took longer than ${settings.timeoutMs} ms`)),
    settings.timeoutMs,
  );
  const size = setInterval(() => {
    if (writes.reduce((sum, path) => sum + bytesOf(path), 0) > settings.maxOutputBytes)
      halt(new DomainError('payload_too_large', `would write more than ${settings.maxOutputBytes} bytes`));
  }, everyMs);
  const onAbort = () => halt(reasonOf(signal!));
  const end = () => {
    clearTimeout(timeout);
    clearInterval(size);
    signal?.removeEventListener('abort', onAbort);
  };
  const halt = (reason: DomainError) => {
    end();
    stop(reason);
  };
  if (signal?.aborted) queueMicrotask(onAbort);
  else signal?.addEventListener('abort', onAbort, { once: true });
  return end;
};
