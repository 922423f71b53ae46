import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { followRun, type RunChange } from '@millrace/client';
import { MessagingClient } from '@millrace/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EventStream } from './event-stream.js';
import { RunStreams } from './run-streams.js';

const tell = (stream: EventStream, change: RunChange): void => {
  if (change.kind === 'snapshot') stream.send('snapshot', change.run);
  else if (change.kind === 'run') stream.send('run', change.run);
  else if (change.kind === 'step') stream.send('step', change.step);
  else stream.sendLossy('progress', change.progress);
};

/** Nothing is kept: a stream that breaks begins again with the run as it is then. */
@Controller('/v1/runs')
export class RunEventsController {
  constructor(
    private readonly client: MessagingClient,
    private readonly streams: RunStreams,
  ) {}

  @Get(':run/events')
  follow(
    @Param('run') run: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.streams.serve(run, request, reply, async ({ signal, begin }) => {
      const onChange = (change: RunChange): void => tell(begin(), change);
      return (await followRun(this.client, run, { onChange, signal })).status;
    });
  }
}
