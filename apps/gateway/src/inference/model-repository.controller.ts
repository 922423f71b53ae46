import type { RepositoryModel } from '@millrace/contracts';
import { Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { bodyOf, onBehalfOf } from '../http/caller.js';
import { ModelRepository } from './model-repository.js';

/** The protocol's model repository extension. */
@Controller('/v2/repository')
export class ModelRepositoryController {
  constructor(private readonly repository: ModelRepository) {}

  @Post('index')
  @HttpCode(200)
  index(@Req() request: FastifyRequest): Promise<RepositoryModel[]> {
    return this.repository.index(bodyOf(request));
  }

  @Post('models/:model/load')
  @HttpCode(200)
  load(
    @Param('model') model: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return onBehalfOf(request, reply, 'model.load', async (caller) => {
      await this.repository.load(model, bodyOf(request), caller);
      return {};
    });
  }

  @Post('models/:model/unload')
  @HttpCode(200)
  unload(
    @Param('model') model: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return onBehalfOf(request, reply, 'model.unload', async (caller) => {
      await this.repository.unload(model, bodyOf(request), caller);
      return {};
    });
  }
}
