import { RunId } from '@millrace/contracts';
import { schemaOf } from './dto-schemas.js';
import { failures } from './failures.js';
import type { Paths, Schema } from './schema.js';

export const eventPaths = (schemas: Record<string, Schema>): Paths => ({
  '/v1/runs/{run}/events': {
    get: {
      operationId: 'run.events',
      summary: 'Follow a run until it has ended',
      description:
        'Server-sent events: first `snapshot` (the run), then `run` and `step` for every transition and `progress` while ' +
        'steps work, at last `end`. Lines that begin with a colon are heartbeats.',
      tags: ['orchestrator'],
      parameters: [
        { name: 'run', in: 'path', required: true, schema: schemaOf(RunId, schemas).properties?.run ?? {} },
      ],
      responses: {
        '200': {
          description: 'The events',
          content: { 'text/event-stream': { schema: { type: 'string' } } },
        },
        '204': { description: 'A client that has seen the end came back: there is nothing more' },
        default: failures.problem,
      },
    },
  },
});
