import type { Server } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyHttpOptions } from 'fastify';
import { RouteTable } from './route-table.js';

/** Hands every body to its handler as bytes, whatever it says it is: predictions are passed through as they came. */
export class BytesAdapter extends FastifyAdapter {
  readonly routes = new RouteTable();

  constructor(options: FastifyHttpOptions<Server>) {
    super(options);
    const fastify = this.getInstance();
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    fastify.addHook('onRoute', ({ method, url }) => this.routes.add(method, url));
  }

  /** Nest would register its own parsers for JSON and forms. */
  override registerParserMiddleware(): void {}
}
