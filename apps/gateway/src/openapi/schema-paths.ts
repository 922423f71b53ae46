import type { Paths } from './schema.js';

export const schemaPaths: Paths = {
  '/v1/schemas/pipeline.json': {
    get: {
      operationId: 'schemas.pipeline',
      summary: 'The JSON Schema of a pipeline',
      description:
        'For editors: `# yaml-language-server: $schema=http://…/v1/schemas/pipeline.json`. May be cached; `ETag` changes with it.',
      tags: ['orchestrator'],
      responses: {
        '200': {
          description: 'The schema (draft 2020-12)',
          content: { 'application/schema+json': { schema: { type: 'object' } } },
        },
        '304': { description: 'It is the one that `If-None-Match` names' },
      },
    },
  },
};
