import { Catch, Logger, NotFoundException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { DomainError } from '@millrace/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BytesAdapter } from './bytes-adapter.js';
import { HttpRefusal } from './http-refusal.js';
import { httpStatusOf } from './problem-details.js';
import { pathOf, sendError } from './send-error.js';
import { fromThrown } from './thrown.js';

/** Every error of every route. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  constructor(private readonly server: HttpAdapterHost<BytesAdapter>) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const error = this.errorOf(thrown, request);
    if (httpStatusOf(error) === 500)
      this.logger.error({ err: error, cause: error.cause, method: request.method, url: request.url });
    if (!reply.sent) sendError(reply, request.url, error);
  }

  private errorOf(thrown: unknown, { method, url }: FastifyRequest): DomainError {
    if (!(thrown instanceof NotFoundException)) return fromThrown(thrown);
    const path = pathOf(url);
    const allowed = this.server.httpAdapter.routes.methodsOf(path).join(', ');
    return allowed === ''
      ? new HttpRefusal(404, 'not_found', `there is no ${path.slice(0, 200)}`)
      : new HttpRefusal(405, 'invalid_request', `${method} is not possible here: ${allowed}`, {
          Allow: allowed,
        });
  }
}
