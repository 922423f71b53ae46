import type { GatewayEnv } from '../config/gateway.env.js';
import { hostPatterns, isAllowedHost } from './allowed-host.js';
import { BytesAdapter } from './bytes-adapter.js';
import { answerClientError } from './client-error.js';
import { HttpRefusal } from './http-refusal.js';
import { sendError } from './send-error.js';
import { fromThrown } from './thrown.js';

/** A server on which a slow, large or endless client costs little and ends soon. */
export const httpAdapter = (env: GatewayEnv): BytesAdapter => {
  const requestTimeout = env.HTTP_REQUEST_TIMEOUT_MS;
  const adapter = new BytesAdapter({
    closeTimeoutMs: Math.ceil(env.SHUTDOWN_TIMEOUT_MS / 2),
    bodyLimit: env.HTTP_BODY_LIMIT_BYTES,
    requestTimeout,
    // Longer than the heartbeats of event streams: closes on clients that no longer read.
    connectionTimeout: 120_000,
    routerOptions: { maxParamLength: 300 },
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply) => sendError(reply, request.url, fromThrown(error)),
    http: {
      maxHeaderSize: 16_384,
      // Node's own refusal has no body.
      requireHostHeader: false,
      headersTimeout: Math.min(requestTimeout, 10_000),
      connectionsCheckingInterval: Math.min(requestTimeout, 2_000),
    },
  });
  const fastify = adapter.getInstance();
  fastify.server.maxConnections = env.HTTP_MAX_CONNECTIONS;
  const patterns = hostPatterns(env.HTTP_ALLOWED_HOSTS);
  fastify.addHook('onRequest', ({ headers: { host } }, _reply, done) => {
    if (isAllowedHost(host, patterns)) done();
    else if (!host) done(new HttpRefusal(400, 'invalid_request', 'a request needs a Host header'));
    else done(new HttpRefusal(421, 'forbidden', `HTTP_ALLOWED_HOSTS does not name '${host.slice(0, 100)}'`));
  });
  return adapter;
};
