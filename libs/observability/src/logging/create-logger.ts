import { createRequire } from 'node:module';
import { pino, type DestinationStream } from 'pino';
import { currentTraceparent } from '../tracing/with-trace.js';
import { parseTraceparent } from '../tracing/traceparent.js';

export type Logger = pino.Logger;

/** Injection token of the service's logger. */
export const LOGGER = Symbol.for('millrace.logger');

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface LoggerOptions {
  /** Becomes the field `service` of every line. */
  service: string;
  /** One of `logLevels`; default `info`. */
  level?: string;
  /** For people: coloured lines instead of JSON. Never the default. */
  pretty?: boolean;
  /** Default: standard output, written synchronously so that the last line before a crash is there. */
  destination?: DestinationStream;
}

/** Fields whose values never reach a log, at the top or one level down. */
const secrets = ['password', 'secret', 'apiKey', 'authorization', 'cookie', 'credentials'];

/** pino-pretty costs memory and 30 ms, so it is loaded only when it is asked for. */
const prettyStream = (destination: DestinationStream): DestinationStream => {
  const require = createRequire(import.meta.url);
  const { prettyFactory } = require('pino-pretty') as typeof import('pino-pretty');
  const format = prettyFactory({
    ignore: 'pid,hostname,service',
    messageFormat: '[{service}] {msg}',
    translateTime: 'HH:MM:ss.l',
  });
  return { write: (line) => destination.write(format(line)) };
};

/**
 * One JSON object per line: `level` (as a word), `time` (ISO 8601), `service`, `msg`, the current `traceId`, and what
 * the call adds. Errors go under `err` and keep their causes.
 */
export const createLogger = (o: LoggerOptions): Logger => {
  const options: pino.LoggerOptions = {
    level: o.level ?? 'info',
    base: { service: o.service },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: secrets.flatMap((name) => [name, `*.${name}`]), censor: '***' },
    mixin: () => {
      const traceId = parseTraceparent(currentTraceparent())?.traceId;
      return traceId === undefined ? {} : { traceId };
    },
    formatters: { level: (label) => ({ level: label }) },
  };
  const destination = o.destination ?? pino.destination({ fd: 1, sync: true });
  return pino(options, o.pretty ? prettyStream(destination) : destination);
};
