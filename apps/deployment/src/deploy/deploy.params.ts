import { endpointNamePattern, type JsonSchema } from '@millrace/contracts';

export interface DeployParams {
  endpoint: string;
}

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
