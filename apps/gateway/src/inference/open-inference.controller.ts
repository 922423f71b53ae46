import { Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type {
  InferenceServerMetadata,
  ModelStatisticsList,
  ServedModelConfig,
  ServedModelMetadata,
} from '@millrace/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { bodyOf, onBehalfOf } from '../http/caller.js';
import { Predictions } from './predictions.js';
import { ServedModels, type Readiness } from './served-models.js';
import { throughFastify } from './through-fastify.js';

/** Open Inference Protocol v2, where an endpoint is what the protocol calls a model. */
@Controller('/v2')
export class OpenInferenceController {
  constructor(
    private readonly models: ServedModels,
    private readonly predictions: Predictions,
  ) {}

  @Get()
  server(): Promise<InferenceServerMetadata> {
    return this.models.server();
  }

  @Get('health/live')
  live(): { live: true } {
    return { live: true };
  }

  @Get('health/ready')
  ready(): Promise<{ ready: true }> {
    return this.models.serverReady();
  }

  @Get(['models/:model', 'models/:model/versions/:version'])
  metadata(@Param('model') model: string, @Param('version') version?: string): Promise<ServedModelMetadata> {
    return this.models.metadata(model, version);
  }

  @Get(['models/:model/config', 'models/:model/versions/:version/config'])
  config(@Param('model') model: string, @Param('version') version?: string): Promise<ServedModelConfig> {
    return this.models.config(model, version);
  }

  @Get(['models/stats', 'models/:model/stats', 'models/:model/versions/:version/stats'])
  statistics(
    @Param('model') model?: string,
    @Param('version') version?: string,
  ): Promise<ModelStatisticsList> {
    return this.models.statistics(model, version);
  }

  @Get(['models/:model/ready', 'models/:model/versions/:version/ready'])
  async modelReady(
    @Param('model') model: string,
    @Param('version') version: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readiness> {
    const readiness = await this.models.ready(model, version);
    if (!readiness.ready) reply.code(503);
    return readiness;
  }

  @Post(['models/:model/infer', 'models/:model/versions/:version/infer'])
  @HttpCode(200)
  async infer(
    @Param('model') endpoint: string,
    @Param('version') version: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const { headers } = request;
    const answer = await onBehalfOf(request, reply, 'infer', (caller) =>
      this.predictions.infer({ endpoint, version }, headers, bodyOf(request), caller),
    );
    return throughFastify(reply, answer);
  }
}
