import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RunEvents } from './run-events.js';

@Controller('/v1/runs')
export class RunEventsController {
  constructor(private readonly events: RunEvents) {}

  @Get(':run/events')
  follow(
    @Param('run') run: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.events.follow(run, request, reply);
  }
}
