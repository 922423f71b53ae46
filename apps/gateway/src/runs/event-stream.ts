import type { ServerResponse } from 'node:http';

export interface StreamLimits {
  /** What a client that reads slowly may let pile up, in bytes, before it is cut off. */
  maxBuffered: number;
  heartbeatMs: number;
}

const limits: StreamLimits = { maxBuffered: 1_048_576, heartbeatMs: 15_000 };

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
