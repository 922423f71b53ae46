import type { GatewayEnv } from '../config/gateway.env.js';
import { hostPatterns, isAllowedHost } from './allowed-host.js';
import { BytesAdapter } from './bytes-adapter.js';
import { answerClientError } from './client-error.js';
import { HttpRefusal } from './http-refusal.js';

/** A server on which a slow, large or endless client costs little and ends soon. */
export const httpAdapter = (env: GatewayEnv): BytesAdapter => {
  const requestTimeout = env.HTTP_REQUEST_TIMEOUT_MS;
  const adapter = new BytesAdapter({
    bodyLimit: env.HTTP_BODY_LIMIT_BYTES,
    requestTimeout,
    // Longer than the heartbeats of event streams: closes on clients that no longer read.
    connectionTimeout: 120_000,
    routerOptions: { maxParamLength: 300 },
    clientErrorHandler: answerClientError,
    http: {
      maxHeaderSize: 16_384,
      headersTimeout: Math.min(requestTimeout, 10_000),
      connectionsCheckingInterval: Math.min(requestTimeout, 2_000),
    },
  });
  const fastify = adapter.getInstance();
  fastify.server.maxConnections = env.HTTP_MAX_CONNECTIONS;
  const patterns = hostPatterns(env.HTTP_ALLOWED_HOSTS);
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { host } = request.headers;
    if (isAllowedHost(host, patterns)) done();
    else
      done(
        new HttpRefusal(421, 'forbidden', `HTTP_ALLOWED_HOSTS does not name '${String(host).slice(0, 100)}'`),
      );
  });
  return adapter;
};
