import type { Logger } from '@millrace/observability';
import type { Redaction } from './redaction.js';

const levels = new Set(['trace', 'debug', 'info', 'warn', 'error', 'fatal']);

/** A logger that says everything but the secrets of a task. */
export const redactingLogger = (logger: Logger, redaction: Redaction): Logger => {
  if (redaction.empty) return logger;
  return new Proxy(logger, {
    get: (target, property) => {
      const value: unknown = Reflect.get(target, property, target);
      if (property === 'child')
        return (bindings: object, options?: object) =>
          redactingLogger(target.child(redaction.value(bindings) as object, options) as Logger, redaction);
      if (typeof value !== 'function') return value;
      if (!levels.has(String(property))) return value.bind(target) as unknown;
      return (...said: unknown[]) => {
        (value as (...args: unknown[]) => void).apply(
          target,
          said.map((one) => redaction.value(one)),
        );
      };
    },
  });
};
