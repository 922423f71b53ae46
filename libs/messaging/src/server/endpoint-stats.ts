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
