import { AsyncLocalStorage } from 'node:async_hooks';
import { context, ROOT_CONTEXT, SpanStatusCode, trace, type Span } from '@opentelemetry/api';
import { childOf, formatTraceparent, parseTraceparent, type TraceContext } from './traceparent.js';

const storage = new AsyncLocalStorage<string>();
const tracer = trace.getTracer('millrace');

/** The `traceparent` of the span that we are in, to be sent along with whatever is called from here. */
export const currentTraceparent = (): string | undefined => {
  const active = trace.getActiveSpan();
  return active ? traceparentOf(active) : storage.getStore();
};

/**
 * Runs `fn` in a new span, child of `traceparent` or, without a valid one, root of a new trace. What `fn` throws or
 * rejects with passes through. Where an OpenTelemetry SDK is registered the span is recorded by it; where none is,
 * only the ids travel.
 */
export const withTrace = <T>(traceparent: string | undefined, name: string, fn: () => T): T => {
  const parent = parseTraceparent(traceparent);
  const parentContext = parent ? trace.setSpanContext(ROOT_CONTEXT, toOtel(parent)) : ROOT_CONTEXT;
  const span = tracer.startSpan(name, {}, parentContext);
  if (!isReal(span, parent)) return storage.run(formatTraceparent(childOf(parent)), fn);
  return context.with(trace.setSpan(parentContext, span), () =>
    storage.run(traceparentOf(span), () => recorded(span, fn)),
  );
};

/** Without an SDK the API hands back the parent's own ids, or zeros. */
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
  span.setStatus({ code: SpanStatusCode.ERROR });
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
