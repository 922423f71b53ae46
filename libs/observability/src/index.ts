export * from './logging/create-logger.js';
export * from './logging/nest-logger.js';
export * from './logging/redact-url.js';
export * from './tracing/traceparent.js';
export * from './tracing/with-trace.js';
export * from './metrics/metrics.js';
export * from './health/health.js';
export * from './health/health-server.js';
