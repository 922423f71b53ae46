import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyHttpOptions } from 'fastify';
import { RouteTable } from './route-table.js';

export interface AdapterOptions extends FastifyHttpOptions<Server> {
  /** How long requests that are under way may take to finish when the server closes. */
  closeTimeoutMs: number;
}

/** Hands every body to its handler as bytes, whatever it says it is: predictions are passed through as they came. */
export class BytesAdapter extends FastifyAdapter {
  readonly routes = new RouteTable();
  /** Connections on which nothing was asked yet. Node takes them for busy when it closes, and waits for ever. */
  private readonly unused = new Set<Socket>();
  private readonly closeTimeoutMs: number;

  constructor({ closeTimeoutMs, ...options }: AdapterOptions) {
    super(options);
    this.closeTimeoutMs = closeTimeoutMs;
    const fastify = this.getInstance();
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    fastify.addHook('onRoute', ({ method, url }) => this.routes.add(method, url));
    fastify.server.on('connection', (socket: Socket) => {
      this.unused.add(socket);
      socket.once('close', () => this.unused.delete(socket));
    });
    fastify.server.on('request', ({ socket }: IncomingMessage) => this.unused.delete(socket));
  }

  /** Whatever `take` says is its own goes past Fastify, as long as the server takes requests. */
  before(take: (request: IncomingMessage, response: ServerResponse) => boolean): void {
    const { server } = this.getInstance();
    const others = server.listeners('request') as ((...request: unknown[]) => void)[];
    server.removeAllListeners('request');
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      if (server.listening && take(request, response)) this.unused.delete(request.socket);
      else for (const other of others) other.call(server, request, response);
    });
  }

  /** Nest would register its own parsers for JSON and forms. */
  override registerParserMiddleware(): void {}

  override async close(): Promise<void> {
    const { server } = this.getInstance();
    const force = setTimeout(() => server.closeAllConnections(), this.closeTimeoutMs);
    const closed = super.close();
    for (const socket of this.unused) socket.destroy();
    await closed.finally(() => clearTimeout(force));
  }
}
