import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from '../metrics/metrics.js';
import type { Health } from './health.js';

export interface HealthServerOptions {
  host: string;
  /** 0 = a free port. */
  port: number;
  health: Health;
  metrics: Metrics;
}

export interface HealthServer {
  port: number;
  close(): Promise<void>;
}

/**
 * For orchestrators and Prometheus, which speak HTTP and not NATS: `GET /health/live` (200 while the event loop turns),
 * `GET /health/ready` (200 or 503, and which check failed), `GET /metrics`.
 */
export const startHealthServer = async (o: HealthServerOptions): Promise<HealthServer> => {
  const server = createServer(
    { requestTimeout: 5_000, headersTimeout: 5_000, keepAliveTimeout: 5_000, maxHeaderSize: 8 * 1024 },
    (request, response) => {
      answer(o, request, response).catch((error: unknown) =>
        send(response, 500, 'text/plain', `${error instanceof Error ? error.message : String(error)}\n`),
      );
    },
  );
  server.maxConnections = 64;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(o.port, o.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const answer = async (
  { health, metrics }: HealthServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    return send(response, 405, 'text/plain', 'GET only\n');
  }
  switch (request.url?.split('?', 1)[0]) {
    case '/health/live':
      return send(response, 200, 'application/json', '{"status":"live"}');
    case '/health/ready': {
      const status = await health.status();
      return send(
        response,
        status.status === 'ready' ? 200 : 503,
        'application/json',
        JSON.stringify(status),
      );
    }
    case '/metrics':
      return send(response, 200, 'text/plain; version=0.0.4; charset=utf-8', await metrics.text());
    default:
      return send(response, 404, 'text/plain', 'see /health/live, /health/ready, /metrics\n');
  }
};

const send = (response: ServerResponse, status: number, type: string, body: string): void => {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(body);
};
