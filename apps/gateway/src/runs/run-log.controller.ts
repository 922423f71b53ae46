import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { followLog } from '@millrace/client';
import { MessagingClient } from '@millrace/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { headerOf } from '../http/caller.js';
import { logQuery } from './log-query.js';
import { RunStreams } from './run-streams.js';

/** Lines at a time for one client: no more is read before it has taken these. */
const pageLines = 200;

@Controller('/v1/runs')
export class RunLogController {
  constructor(
    private readonly client: MessagingClient,
    private readonly streams: RunStreams,
  ) {}

  @Get(':run/log/stream')
  follow(
    @Param('run') run: string,
    @Query() query: Record<string, unknown>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.streams.serve(run, request, reply, async ({ signal, begin }) => {
      const from = logQuery(query, headerOf(request.headers, 'last-event-id'));
      const pages = followLog(this.client, run, { ...from, pageLines, signal });
      for (;;) {
        const { done, value } = await pages.next();
        if (done) return value;
        const stream = begin();
        for (const line of value.items) stream.send('line', line, String(line.id));
        await stream.taken(signal);
      }
    });
  }
}
