import type { LoggerService } from '@nestjs/common';
import type { Logger } from './create-logger.js';

/**
 * Nest's own lines through pino; Nest keeps one logger per process, so where several services share one, pass a function
 * that finds the current service's. Nest passes `(message, …rest, context)`, for errors `(message, stack, context)`.
 * Its start-up chatter (`log`) is debug here: a service says itself when it is ready.
 */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger | (() => Logger)) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  private write(
    level: 'fatal' | 'error' | 'warn' | 'debug' | 'trace',
    message: unknown,
    rest: unknown[],
  ): void {
    const logger = typeof this.logger === 'function' ? this.logger() : this.logger;
    if (!logger.isLevelEnabled(level)) return;
    const [context, ...others] = rest.toReversed();
    const fields: Record<string, unknown> = typeof context === 'string' ? { context } : {};
    const stack = others.find((other) => typeof other === 'string');
    if (message instanceof Error) fields.err = message;
    else if (stack !== undefined) fields.stack = stack;
    logger[level](fields, message instanceof Error ? message.message : asText(message));
  }
}

const asText = (message: unknown): string =>
  typeof message === 'string' ? message : JSON.stringify(message ?? String(message));
