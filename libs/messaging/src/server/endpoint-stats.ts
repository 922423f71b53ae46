import type { Metrics } from '@millrace/observability';

/** What ADR-32 STATS says of one endpoint. */
export class EndpointStats {
  requests = 0;
  errors = 0;
  lastError = '';
  /** Milliseconds spent between request and reply, summed. */
  processingMs = 0;

  failed(code: string, message: string): void {
    this.errors++;
    this.lastError = `${code}: ${message}`.slice(0, 500);
  }
}

/** The same for Prometheus. */
export class EndpointObserver {
  private readonly seconds: { observe(seconds: number): void };
  private readonly errors: { inc(labels: { endpoint: string; code: string }): void };

  constructor(
    metrics: Metrics,
    private readonly endpoint: string,
  ) {
    this.seconds = metrics
      .histogram('millrace_request_duration_seconds', 'From request to reply.', ['endpoint'])
      .labels({ endpoint });
    this.errors = metrics.counter('millrace_request_errors_total', 'Requests answered with an error.', [
      'endpoint',
      'code',
    ]);
  }

  answered(ms: number): void {
    this.seconds.observe(ms / 1_000);
  }

  failed(code: string): void {
    this.errors.inc({ endpoint: this.endpoint, code });
  }
}
