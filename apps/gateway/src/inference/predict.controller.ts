import { Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { bodyOf, onBehalfOf } from '../http/caller.js';
import { requireJsonType } from '../http/read-json.js';
import { Predictions } from './predictions.js';
import { throughFastify } from './through-fastify.js';

/** Predictions for people: plain records in, plain records out. */
@Controller('/v1/endpoints')
export class PredictController {
  constructor(private readonly predictions: Predictions) {}

  @Post(':endpoint/predict')
  @HttpCode(200)
  async predict(
    @Param('endpoint') endpoint: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    requireJsonType(request.headers);
    const answer = await onBehalfOf(request, reply, 'predict', (caller) =>
      this.predictions.predict(endpoint, request.headers, bodyOf(request), caller),
    );
    return throughFastify(reply, answer);
  }
}
