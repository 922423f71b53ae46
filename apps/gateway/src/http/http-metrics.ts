import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Metrics } from '@millrace/observability';
import { BytesAdapter } from './bytes-adapter.js';

/** How long answers take, by route as it is declared: what callers put into a path makes no series of its own. */
@Injectable()
export class HttpMetrics {
  private readonly seconds;

  constructor(server: HttpAdapterHost<BytesAdapter>, metrics: Metrics) {
    this.seconds = metrics.histogram(
      'millrace_http_request_duration_seconds',
      'From the headers of a request to the end of its answer.',
      ['method', 'route', 'status'],
    );
    server.httpAdapter.getInstance().addHook('onResponse', ({ method, routeOptions }, reply, done) => {
      this.answered(method, routeOptions.url ?? 'none', reply.statusCode, reply.elapsedTime);
      done();
    });
  }

  answered(method: string, route: string, status: number, ms: number): void {
    this.seconds.observe({ method, route, status: String(status) }, ms / 1_000);
  }
}
