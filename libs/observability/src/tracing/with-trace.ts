import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';
import type { Span, SpanStatusCode } from '@opentelemetry/api';
import { childOf, formatTraceparent, parseTraceparent, type TraceContext } from './traceparent.js';

type OpenTelemetry = typeof import('@opentelemetry/api');

/** A span whose ids are drawn when somebody asks for them: most requests end without a line logged or a call made. */
class LazySpan {
  private text: string | undefined;

  constructor(private readonly parent: TraceContext | undefined) {}

  get traceparent(): string {
    return (this.text ??= formatTraceparent(childOf(this.parent)));
  }
}

const storage = new AsyncLocalStorage<{ readonly traceparent: string }>();
let api: OpenTelemetry | undefined;

/** The API, once some SDK has registered itself with it; until then its fifty modules need not be loaded. */
const openTelemetry = (): OpenTelemetry | undefined => {
  if (!(Symbol.for('opentelemetry.js.api.1') in globalThis)) return undefined;
  return (api ??= createRequire(import.meta.url)('@opentelemetry/api') as OpenTelemetry);
};

/** Is an OpenTelemetry SDK registered, so that somebody may record spans? */
export const isRecorded = (): boolean => openTelemetry() !== undefined;

/** The `traceparent` of the span that we are in, to be sent along with whatever is called from here. */
export const currentTraceparent = (): string | undefined => {
  const active = openTelemetry()?.trace.getActiveSpan();
  return active ? traceparentOf(active) : storage.getStore()?.traceparent;
};

/**
 * Runs `fn` in a new span, child of `traceparent` or, without a valid one, root of a new trace. What `fn` throws or
 * rejects with passes through. Where an OpenTelemetry SDK is registered the span is recorded by it; where none is,
 * only the ids travel.
 */
export const withTrace = <T>(traceparent: string | undefined, name: string, fn: () => T): T => {
  const parent = parseTraceparent(traceparent);
  const otel = openTelemetry();
  if (!otel) return storage.run(new LazySpan(parent), fn);
  const { context, ROOT_CONTEXT, trace } = otel;
  const parentContext = parent ? trace.setSpanContext(ROOT_CONTEXT, toOtel(parent)) : ROOT_CONTEXT;
  const span = trace.getTracer('millrace').startSpan(name, {}, parentContext);
  if (!isReal(span, parent)) return storage.run(new LazySpan(parent), fn);
  return context.with(trace.setSpan(parentContext, span), () =>
    storage.run({ traceparent: traceparentOf(span) }, () => recorded(span, fn)),
  );
};

/** Without a tracer provider the API hands back the parent's own ids, or zeros. */
const isReal = (span: Span, parent: TraceContext | undefined): boolean => {
  const { spanId } = span.spanContext();
  return spanId !== (parent?.spanId ?? '0000000000000000');
};

const recorded = <T>(span: Span, fn: () => T): T => {
  try {
    const result = fn();
    if (!(result instanceof Promise)) {
      span.end();
      return result;
    }
    return result.then(
      (value: unknown) => {
        span.end();
        return value;
      },
      (error: unknown) => {
        fail(span, error);
        throw error;
      },
    ) as T;
  } catch (error) {
    fail(span, error);
    throw error;
  }
};

const fail = (span: Span, error: unknown): void => {
  span.recordException(error instanceof Error ? error : String(error));
  span.setStatus({ code: 2 satisfies SpanStatusCode.ERROR });
  span.end();
};

const toOtel = (parent: TraceContext) => ({
  traceId: parent.traceId,
  spanId: parent.spanId,
  traceFlags: parent.sampled ? 1 : 0,
  isRemote: true,
});

const traceparentOf = (span: Span): string => {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return formatTraceparent({ traceId, spanId, sampled: (traceFlags & 1) === 1 });
};
