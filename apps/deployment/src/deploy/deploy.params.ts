import {
  endpointNamePattern,
  rolloutStrategies,
  runnerKinds,
  type CanaryOptions,
  type ExecutionOptions,
  type JsonSchema,
  type RolloutStrategy,
  type RoutingOptions,
} from '@millrace/contracts';

export interface DeployParams {
  endpoint: string;
  strategy?: RolloutStrategy;
  canary?: CanaryOptions;
  routing?: RoutingOptions;
  execution?: ExecutionOptions;
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

const execution: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  description:
    'How replicas run the model. Without, it stays as it is; what is not said is as their settings say.',
  properties: {
    runner: { enum: [...runnerKinds] },
    runners: { type: 'integer', minimum: 1, maximum: 64 },
    maxQueued: { type: 'integer', minimum: 1, maximum: 100_000 },
    maxBatchRows: { type: 'integer', minimum: 1, maximum: 100_000 },
    maxBatchDelayMs: { type: 'number', minimum: 0, maximum: 10_000 },
    preferredBatchRows: {
      type: 'array',
      maxItems: 16,
      items: { type: 'integer', minimum: 1, maximum: 100_000 },
    },
    timeoutMs: { type: 'integer', minimum: 1, maximum: 3_600_000 },
    memoryMb: { type: 'integer', minimum: 16, maximum: 1_048_576 },
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
    execution,
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
