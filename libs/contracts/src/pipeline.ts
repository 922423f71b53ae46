import type { JsonSchema } from './component-contract.js';
import type { JsonValue } from './artifact.js';

/** A pipeline as written (YAML) or built. `${{ params.x }}` and `${{ steps.a.outputs.b }}` are its only expressions. */
export interface PipelineDefinition {
  name: string;
  description?: string;
  params?: {
    [name: string]: {
      type: 'string' | 'number' | 'integer' | 'boolean' | 'object' | 'array';
      default?: JsonValue;
      description?: string;
    };
  };
  steps: { [name: string]: StepDefinition };
}

export interface StepDefinition {
  /** Component name, e.g. `transform.fit`. */
  component: string;
  /** Input port → `step.port`, e.g. `train: split.train`. */
  inputs?: { [port: string]: string };
  params?: { [name: string]: JsonValue };
  /** Steps that must have succeeded first, without passing data. */
  after?: string[];
  retry?: { attempts: number; backoffMs?: number };
  timeoutMs?: number;
  /** `false`: always run. */
  cache?: boolean;
}

const name = { type: 'string', pattern: '^[a-z][a-z0-9-]{0,62}$' };

/** The published JSON Schema of a pipeline. */
export const pipelineSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Millrace pipeline',
  type: 'object',
  required: ['name', 'steps'],
  additionalProperties: false,
  properties: {
    name: { ...name, description: 'Unique name; submitting it again makes a new version.' },
    description: { type: 'string', maxLength: 2000 },
    params: {
      type: 'object',
      maxProperties: 100,
      additionalProperties: {
        type: 'object',
        required: ['type'],
        additionalProperties: false,
        properties: {
          type: { enum: ['string', 'number', 'integer', 'boolean', 'object', 'array'] },
          default: {},
          description: { type: 'string', maxLength: 2000 },
        },
      },
    },
    steps: {
      type: 'object',
      minProperties: 1,
      maxProperties: 1000,
      propertyNames: name,
      additionalProperties: {
        type: 'object',
        required: ['component'],
        additionalProperties: false,
        properties: {
          component: { type: 'string', pattern: '^[a-z][a-z0-9-]*(\\.[a-z][a-z0-9-]*)+$' },
          inputs: {
            type: 'object',
            additionalProperties: { type: 'string', pattern: '^[a-z][a-z0-9-]*\\.[A-Za-z][A-Za-z0-9]*$' },
          },
          params: { type: 'object' },
          after: { type: 'array', items: name, uniqueItems: true },
          retry: {
            type: 'object',
            required: ['attempts'],
            additionalProperties: false,
            properties: {
              attempts: { type: 'integer', minimum: 1, maximum: 100 },
              backoffMs: { type: 'integer', minimum: 0, maximum: 3_600_000 },
            },
          },
          timeoutMs: { type: 'integer', minimum: 1, maximum: 604_800_000 },
          cache: { type: 'boolean' },
        },
      },
    },
  },
};
