import { RunId, RunLogQuery } from '@millrace/contracts';
import { schemaOf } from './dto-schemas.js';
import { failures } from './failures.js';
import type { Parameter, PathOperation, Paths, Schema } from './schema.js';

const runIn = (schemas: Record<string, Schema>): Parameter => ({
  name: 'run',
  in: 'path',
  required: true,
  schema: schemaOf(RunId, schemas).properties?.run ?? {},
});

const answers = (what: string): PathOperation['responses'] => ({
  '200': { description: what, content: { 'text/event-stream': { schema: { type: 'string' } } } },
  '204': { description: 'A client that has seen the end came back: there is nothing more' },
  default: failures.problem,
});

export const eventPaths = (schemas: Record<string, Schema>): Paths => ({
  '/v1/runs/{run}/events': {
    get: {
      operationId: 'run.events',
      summary: 'Follow a run until it has ended',
      description:
        'Server-sent events: first `snapshot` (the run), then `run` and `step` for every transition and `progress` while ' +
        'steps work, at last `end`. Lines that begin with a colon are heartbeats.',
      tags: ['orchestrator'],
      parameters: [runIn(schemas)],
      responses: answers('The events'),
    },
  },
  '/v1/runs/{run}/log/stream': {
    get: {
      operationId: 'run.log.stream',
      summary: "Follow a run's log until the run has ended",
      description:
        'Server-sent events: a `line` for every line of the log, each once and in order, its `id` that of the line, at last ' +
        '`end`. A client that comes back with `Last-Event-ID` goes on behind that line. Lines that begin with a colon are ' +
        'heartbeats. A client that reads nothing for half a minute, while there is something to read, is cut off.',
      tags: ['orchestrator'],
      parameters: [
        runIn(schemas),
        ...['step', 'level', 'after'].map((name): Parameter => ({
          name,
          in: 'query',
          required: false,
          schema: schemaOf(RunLogQuery, schemas).properties?.[name] ?? {},
        })),
        {
          name: 'tail',
          in: 'query',
          required: false,
          description: 'Begins with the newest so many lines, instead of at the beginning.',
          schema: { type: 'integer', minimum: 0, maximum: 5000 },
        },
        {
          name: 'Last-Event-ID',
          in: 'header',
          required: false,
          description: 'Goes on behind this line.',
          schema: { type: 'string' },
        },
      ],
      responses: answers('The lines'),
    },
  },
});
