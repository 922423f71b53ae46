import {
  endpointNamePattern,
  rolloutStrategies,
  type CanaryOptions,
  type JsonSchema,
  type RolloutStrategy,
  type RoutingOptions,
} from '@millrace/contracts';

export interface DeployParams {
  endpoint: string;
  strategy?: RolloutStrategy;
  canary?: CanaryOptions;
  routing?: RoutingOptions;
}

const canary: JsonSchema = {
  type: 'object',
  required: ['steps'],
  additionalProperties: false,
  description: 'For the strategy canary: the steps, and the numbers that it must keep to.',
  properties: {
    steps: {
      type: 'array',
      minItems: 1,
      maxItems: 20,
      items: {
        type: 'object',
        required: ['weight'],
        additionalProperties: false,
        properties: {
          weight: { type: 'integer', minimum: 1, maximum: 99, description: 'Percent of the requests.' },
          durationMs: { type: 'integer', minimum: 100 },
        },
      },
    },
    minRequests: { type: 'integer', minimum: 1 },
    maxErrorRate: { type: 'number', minimum: 0, maximum: 1 },
    maxLatencyP99Ms: { type: 'number', minimum: 0.001 },
    maxLatencyRatio: { type: 'number', minimum: 0.1 },
  },
};

const routing: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  description: 'How requests find their target. Without, it stays as it is.',
  properties: {
    sticky: { type: 'boolean' },
    keyInput: { type: 'string', minLength: 1, maxLength: 256 },
    recordAssignments: { type: 'boolean' },
    shadow: {
      type: 'object',
      additionalProperties: false,
      properties: {
        percent: { type: 'number', minimum: 0.001, maximum: 100 },
        tolerance: { type: 'number', minimum: 0 },
      },
    },
  },
};

export const deployParams: JsonSchema = {
  type: 'object',
  required: ['endpoint'],
  additionalProperties: false,
  properties: {
    endpoint: {
      type: 'string',
      pattern: endpointNamePattern.source,
      description: 'The name that predictions are asked under.',
    },
    strategy: {
      enum: [...rolloutStrategies],
      default: 'rolling',
      description: 'How it takes the place of the version before.',
    },
    canary,
    routing,
  },
};

/** What `registry.register` yields. */
export interface RegisteredVersion {
  name: string;
  version: number;
}

export const registeredVersionSchema: JsonSchema = {
  type: 'object',
  required: ['name', 'version', 'artifact'],
  properties: {
    name: { type: 'string' },
    version: { type: 'integer', minimum: 1 },
    artifact: { type: 'object' },
  },
};

export const endpointSchema: JsonSchema = {
  type: 'object',
  required: ['endpoint', 'revision'],
  properties: { endpoint: { type: 'string' }, revision: { type: 'integer', minimum: 1 } },
};
