import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Controller, Get, Header, Param, Res } from '@nestjs/common';
import { NotFound } from '@millrace/contracts';
import type { FastifyReply } from 'fastify';
import { version } from '../version.js';
import { docsPage, docsPolicy, startScript } from './docs-page.js';
import { openApiDocument } from './openapi-document.js';
import type { OpenApiDocument } from './schema.js';

const require = createRequire(import.meta.url);
const script = 'text/javascript; charset=utf-8';
const viewerFiles: Record<string, string> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': script,
};

@Controller()
export class DocsController {
  private document?: OpenApiDocument;

  @Get('/openapi.json')
  openapi(): OpenApiDocument {
    return (this.document ??= openApiDocument(version));
  }

  @Get('/docs')
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', docsPolicy)
  page(): string {
    return docsPage;
  }

  @Get('/docs/start.js')
  @Header('Content-Type', script)
  start(): string {
    return startScript;
  }

  @Get('/docs/:file')
  async file(@Param('file') file: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    const type = Object.hasOwn(viewerFiles, file) ? viewerFiles[file] : undefined;
    if (type === undefined) throw new NotFound('file', file.slice(0, 100));
    reply.header('Content-Type', type).header('Cache-Control', 'public, max-age=3600');
    return readFile(require.resolve(`swagger-ui-dist/${file}`));
  }
}
