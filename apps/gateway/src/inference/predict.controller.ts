import { Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { requireJsonType } from '../http/read-json.js';
import { Predictions } from './predictions.js';

/** Predictions for people: plain records in, plain records out. */
@Controller('/v1/endpoints')
export class PredictController {
  constructor(private readonly predictions: Predictions) {}

  @Post(':endpoint/predict')
  @HttpCode(200)
  predict(
    @Param('endpoint') endpoint: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    requireJsonType(request.headers);
    return this.predictions.predict(request, reply, endpoint);
  }
}
