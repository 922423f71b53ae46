import { createHash } from 'node:crypto';
import { Controller, Get, Req, Res } from '@nestjs/common';
import { pipelineSchema } from '@millrace/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { headerOf } from '../http/caller.js';

const text = JSON.stringify(pipelineSchema, undefined, 2);
const tag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 16)}"`;

/** What editors check files with, of this gateway's version; nothing in it is secret, and nobody is asked for it. */
@Controller('/v1/schemas')
export class SchemasController {
  @Get('pipeline.json')
  pipeline(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const known = headerOf(request.headers, 'if-none-match')?.split(',') ?? [];
    const isKnown = known.some((one) => one.trim().replace(/^W\//, '') === tag || one.trim() === '*');
    void reply
      .code(isKnown ? 304 : 200)
      .header('Cache-Control', 'public, max-age=300')
      .header('ETag', tag)
      .type('application/schema+json; charset=utf-8')
      .send(isKnown ? undefined : text);
  }
}
