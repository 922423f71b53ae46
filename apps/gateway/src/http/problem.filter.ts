import { Catch, Logger, NotFoundException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { DomainError } from '@millrace/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BytesAdapter } from './bytes-adapter.js';
import { HttpRefusal } from './http-refusal.js';
import { httpStatusOf, problemMediaType, toInferenceError, toProblem } from './problem-details.js';
import { fromThrown } from './thrown.js';

const pathOf = (url: string): string => url.split('?', 1)[0] ?? url;

/** Every error of every route: RFC 9457, and below `/v2` what the Open Inference Protocol wants. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  constructor(private readonly server: HttpAdapterHost<BytesAdapter>) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const error = this.errorOf(thrown, request);
    const status = httpStatusOf(error);
    if (status === 500)
      this.logger.error({ err: error, cause: error.cause, method: request.method, url: request.url });
    if (reply.sent) return;
    if (error instanceof HttpRefusal) reply.headers(error.headers);
    if (status === 503) reply.header('Retry-After', '1');
    const oip = /^\/v2(?:\/|$)/.test(pathOf(request.url));
    void reply
      .code(status)
      .type(oip ? 'application/json; charset=utf-8' : problemMediaType)
      .send(JSON.stringify(oip ? toInferenceError(error) : toProblem(error)));
  }

  private errorOf(thrown: unknown, { method, url }: FastifyRequest): DomainError {
    if (!(thrown instanceof NotFoundException)) return fromThrown(thrown);
    const allowed = this.server.httpAdapter.routes.methodsOf(pathOf(url));
    if (allowed.length === 0)
      return new HttpRefusal(404, 'not_found', `there is no ${pathOf(url).slice(0, 200)}`);
    const message = `${method} is not possible here: ${allowed.join(', ')}`;
    return new HttpRefusal(405, 'invalid_request', message, { Allow: allowed.join(', ') });
  }
}
