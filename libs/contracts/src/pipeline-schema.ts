import type { JsonSchema } from './component-contract.js';
import { errorCodes } from './wire/error-codes.js';
import { catchUpPolicies } from './pipeline.js';

const dayMs = 86_400_000;
const name = { type: 'string', pattern: '^[a-z][a-z0-9-]{0,62}$' };
const cel = (description: string): JsonSchema => ({
  type: 'string',
  minLength: 1,
  maxLength: 2000,
  description,
});
const integer = (minimum: number, maximum: number, description: string): JsonSchema => ({
  type: 'integer',
  minimum,
  maximum,
  description,
});
const closed = (properties: JsonSchema, required: string[] = []): JsonSchema => ({
  type: 'object',
  additionalProperties: false,
  ...(required.length > 0 ? { required } : {}),
  properties,
});
const exactlyOne = (...fields: string[]): JsonSchema => ({
  oneOf: fields.map((field) => ({ required: [field] })),
  // Known to editors, and to our own messages.
  errorMessage: `must have exactly one of ${fields.join(', ')}`,
});
const priority = integer(0, 9, '9 first.');

const retry = closed(
  {
    attempts: integer(1, 100, 'All together.'),
    backoffMs: integer(0, 3_600_000, 'Before the second attempt. Default 1000.'),
    factor: { type: 'number', minimum: 1, maximum: 10, description: 'What the wait grows by. Default 2.' },
    maxBackoffMs: integer(0, dayMs, 'Default 100000.'),
    jitter: { type: 'boolean', description: 'Between half and all of the wait. Default true.' },
    on: { type: 'array', minItems: 1, uniqueItems: true, items: { enum: Object.keys(errorCodes) } },
  },
  ['attempts'],
);

const foreach = closed(
  {
    items: {
      description: 'A list, or one ${{ … }} that gives a list.',
      errorMessage: 'must be a list (of at most 10000) or one ${{ … }}',
      anyOf: [
        { type: 'array', maxItems: 10_000 },
        { type: 'string', minLength: 1, maxLength: 2000 },
      ],
    },
    as: { type: 'string', pattern: '^[a-z][A-Za-z0-9_]{0,62}$', description: 'Default item.' },
    concurrency: integer(1, 10_000, 'Instances at once. Without: all.'),
  },
  ['items'],
);

const until = closed(
  {
    condition: cel('CEL over outputs of the iteration just ended, and index.'),
    max: integer(1, 1000, 'Most iterations.'),
  },
  ['condition', 'max'],
);

const approval = closed({
  by: {
    type: 'array',
    minItems: 1,
    maxItems: 100,
    uniqueItems: true,
    items: { type: 'string', minLength: 1, maxLength: 256 },
    description: 'Who may decide. Without: anybody.',
  },
  withinMs: integer(1, 366 * dayMs, 'Refused after so long. Default 7 days.'),
  message: { type: 'string', maxLength: 2000 },
});

const source: JsonSchema = {
  type: 'string',
  maxLength: 200,
  pattern: '^[a-z][A-Za-z0-9_-]*(\\.[A-Za-z][A-Za-z0-9_-]*(\\[(index|[0-9]{1,5})\\])?)?$',
};
const input: JsonSchema = {
  description:
    'step.port, step.port[index], an item of foreach; of a port that takes many, also a list of these.',
  errorMessage: 'must be step.port, step.port[index], an item of foreach, or a list of these',
  anyOf: [source, { type: 'array', minItems: 1, maxItems: 1000, items: source }],
};

const step: JsonSchema = {
  ...closed({
    component: { type: 'string', pattern: '^[a-z][a-z0-9-]*(\\.[a-z][a-z0-9-]*)+$' },
    pipeline: { ...name, description: 'Another pipeline, run with these params.' },
    approval,
    inputs: { type: 'object', additionalProperties: input },
    params: { type: 'object' },
    after: { type: 'array', items: name, uniqueItems: true },
    when: cel('CEL; false: the step is skipped.'),
    foreach,
    until,
    retry,
    timeoutMs: integer(1, 7 * dayMs, 'Of one attempt.'),
    stepTimeoutMs: integer(1, 31 * dayMs, 'Of all attempts, with the waits between them.'),
    cache: {
      description: 'false: always run. refresh: run, and keep the result. ttlMs: only results so young.',
      errorMessage: 'must be true, false, refresh or { ttlMs }',
      anyOf: [
        { type: 'boolean' },
        { const: 'refresh' },
        closed({ ttlMs: integer(1, 3660 * dayMs, 'Age in milliseconds.') }, ['ttlMs']),
      ],
    },
    priority,
  }),
  ...exactlyOne('component', 'pipeline', 'approval'),
};

const steps = (description: string, least: number): JsonSchema => ({
  type: 'object',
  description,
  minProperties: least,
  maxProperties: 1000,
  propertyNames: name,
  additionalProperties: step,
});

const schedule = closed(
  {
    cron: { type: 'string', minLength: 1, maxLength: 200, description: "e.g. '0 6 * * 1-5'" },
    timezone: { type: 'string', maxLength: 64, description: 'IANA name. Default UTC.' },
    catchUp: { enum: [...catchUpPolicies], description: 'Ticks while nobody was there. Default latest.' },
    params: { type: 'object' },
  },
  ['cron'],
);

const trigger: JsonSchema = {
  ...closed({
    event: {
      type: 'string',
      maxLength: 200,
      pattern: '^[a-z][a-z0-9-]*(\\.[a-z][a-z0-9-]*){2,}$',
      description: "A Millrace event's type, e.g. ingestion.dataset.created.",
    },
    subject: {
      type: 'string',
      maxLength: 200,
      pattern: '^[^\\s.>$][^\\s.>]*(\\.[^\\s.>]+)*(\\.>)?$',
      description: 'A subject of NATS, with * and > where wanted; its messages are JSON.',
    },
    when: cel('CEL over event.'),
    params: { type: 'object' },
  }),
  ...exactlyOne('event', 'subject'),
};

/** The published JSON Schema of a pipeline. Its `$id` stays as long as what was a pipeline before is one still. */
export const pipelineSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:millrace:schema:pipeline:v1',
  title: 'Millrace pipeline',
  ...closed(
    {
      name: { ...name, description: 'Unique name; submitting it again makes a new version.' },
      description: { type: 'string', maxLength: 2000 },
      params: {
        type: 'object',
        maxProperties: 100,
        additionalProperties: closed(
          {
            type: { enum: ['string', 'number', 'integer', 'boolean', 'object', 'array'] },
            default: {},
            description: { type: 'string', maxLength: 2000 },
          },
          ['type'],
        ),
      },
      concurrency: integer(1, 10_000, 'Runs at once; more stay pending, oldest first. Without: no limit.'),
      priority,
      schedule,
      triggers: { type: 'array', minItems: 1, maxItems: 100, items: trigger },
      steps: steps('What is done.', 1),
      onFailure: steps('Runs when the run failed.', 1),
      finally: steps('Runs at the end, however it ended.', 1),
    },
    ['name', 'steps'],
  ),
};
