import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Metrics } from '@millrace/observability';
import { BytesAdapter } from './bytes-adapter.js';

/** How long answers take, by route as it is declared: what callers put into a path makes no series of its own. */
@Injectable()
export class HttpMetrics {
  constructor(server: HttpAdapterHost<BytesAdapter>, metrics: Metrics) {
    const seconds = metrics.histogram(
      'millrace_http_request_duration_seconds',
      'From the headers of a request to the end of its answer.',
      ['method', 'route', 'status'],
    );
    server.httpAdapter.getInstance().addHook('onResponse', ({ method, routeOptions }, reply, done) => {
      const labels = { method, route: routeOptions.url ?? 'none', status: String(reply.statusCode) };
      seconds.observe(labels, reply.elapsedTime / 1_000);
      done();
    });
  }
}
