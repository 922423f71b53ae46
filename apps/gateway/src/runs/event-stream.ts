import type { ServerResponse } from 'node:http';

export interface StreamLimits {
  /** What a client that reads slowly may let pile up, in bytes, before it is cut off. */
  maxBuffered: number;
  heartbeatMs: number;
  /** How long a client that is waited for may read nothing before it is cut off. */
  stallMs: number;
}

const limits: StreamLimits = { maxBuffered: 1_048_576, heartbeatMs: 15_000, stallMs: 30_000 };

/** `id` marks what a client that comes back says it has seen (`Last-Event-ID`). */
export const formatEvent = (event: string, data: unknown, id?: string): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

/**
 * Server-sent events to one client. https://html.spec.whatwg.org/multipage/server-sent-events.html
 * What may get lost is left out while the client is behind; a client too far behind is cut off, and may come back.
 */
export class EventStream {
  private readonly heartbeat: NodeJS.Timeout;

  constructor(
    private readonly response: ServerResponse,
    private readonly bounds: StreamLimits = limits,
  ) {
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
      // Nothing comes after it, and a gateway that stops does not wait for what could.
      Connection: 'close',
    });
    response.write('retry: 1000\n\n');
    this.heartbeat = setInterval(() => this.write(':\n\n'), bounds.heartbeatMs).unref();
  }

  send(event: string, data: unknown, id?: string): void {
    this.write(formatEvent(event, data, id));
  }

  /** For what the next one makes up for. */
  sendLossy(event: string, data: unknown): void {
    if (!this.response.writableNeedDrain) this.send(event, data);
  }

  /** Resolves when the client has taken what was sent, is gone, or `signal` is aborted: for what can wait for it. */
  taken(signal: AbortSignal): Promise<void> {
    const { response } = this;
    if (!response.writableNeedDrain || response.destroyed || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const stalled = setTimeout(() => response.destroy(), this.bounds.stallMs);
      const done = (): void => {
        clearTimeout(stalled);
        response.off('drain', done).off('close', done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      response.on('drain', done).on('close', done);
      signal.addEventListener('abort', done);
    });
  }

  end(): void {
    clearInterval(this.heartbeat);
    this.response.end();
  }

  private write(text: string): void {
    if (this.response.writableEnded || this.response.destroyed) return;
    if (this.response.writableLength > this.bounds.maxBuffered) this.response.destroy();
    else this.response.write(text);
  }
}
