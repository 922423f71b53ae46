import { RepositoryQuery, type RepositoryModel } from '@millrace/contracts';
import { validateDto } from '@millrace/messaging';
import { Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { bodyOf, onBehalfOf } from '../http/caller.js';
import { readJson } from '../http/read-json.js';
import { ModelRepository } from './model-repository.js';

/** The protocol's model repository extension. */
@Controller('/v2/repository')
export class ModelRepositoryController {
  constructor(private readonly repository: ModelRepository) {}

  @Post('index')
  @HttpCode(200)
  async index(@Req() request: FastifyRequest): Promise<RepositoryModel[]> {
    return this.repository.index(validateDto(RepositoryQuery, readJson(bodyOf(request))));
  }

  @Post('models/:model/load')
  @HttpCode(200)
  load(
    @Param('model') model: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return onBehalfOf(request, reply, 'model.load', async (caller) => {
      await this.repository.load(model, parametersOf(readJson(bodyOf(request))), caller);
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
      readJson(bodyOf(request));
      await this.repository.unload(model, caller);
      return {};
    });
  }
}

const parametersOf = ({ parameters }: Record<string, unknown>): string[] =>
  typeof parameters === 'object' && parameters !== null ? Object.keys(parameters) : [];
