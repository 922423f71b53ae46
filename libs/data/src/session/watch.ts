import { statSync } from 'node:fs';
import { DomainError } from '@millrace/contracts';
import type { EngineSettings, SessionOptions } from './session.js';

const everyMs = 200;

const bytesOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** DuckDB does not count all that single functions allocate: beyond this its process ends. The rest is for the process itself. */
const residentLimit = ({ memoryLimitMb }: EngineSettings): number => (memoryLimitMb * 1.25 + 512) * 2 ** 20;

/** Why work was stopped from outside: the caller's own reason where it is one of ours. */
const reasonOf = (signal: AbortSignal): DomainError =>
  signal.reason instanceof DomainError
    ? signal.reason
    : new DomainError('cancelled', 'the work was cancelled', { cause: signal.reason });

/**
 * Watches one session: time, the caller's signal, bytes written, memory held. Calls `stop` at most once, with the reason.
 * @returns how to end the watch
 */
export const watch = (
  settings: EngineSettings,
  { signal, writes = [] }: SessionOptions,
  stop: (reason: DomainError) => void,
  /** What the session's own process holds; 0 where it has none. */
  resident: () => number = () => 0,
): (() => void) => {
  const timeout = setTimeout(
    () => halt(new DomainError('deadline_exceeded', `took longer than ${settings.timeoutMs} ms`)),
    settings.timeoutMs,
  );
  const size = setInterval(() => {
    if (writes.reduce((sum, path) => sum + bytesOf(path), 0) > settings.maxOutputBytes)
      return halt(
        new DomainError('payload_too_large', `would write more than ${settings.maxOutputBytes} bytes`),
      );
    if (resident() > residentLimit(settings))
      halt(
        new DomainError('payload_too_large', `needs more memory than allowed (${settings.memoryLimitMb} MB)`),
      );
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
