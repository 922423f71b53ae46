import { modelNamePattern, type JsonSchema } from '@millrace/contracts';

export interface RegisterParams {
  name: string;
  aliases: string[];
}

export const registerParams: JsonSchema = {
  type: 'object',
  required: ['name'],
  additionalProperties: false,
  properties: {
    name: {
      type: 'string',
      pattern: modelNamePattern.source,
      description: 'The model that gets a new version.',
    },
    aliases: {
      type: 'array',
      maxItems: 16,
      uniqueItems: true,
      default: [],
      items: { type: 'string', minLength: 1, maxLength: 64 },
      description: 'Aliases that point at the new version from now on.',
    },
  },
};

/** What `deployment.deploy` takes. */
export const versionSchema: JsonSchema = {
  type: 'object',
  required: ['name', 'version', 'artifact'],
  properties: {
    name: { type: 'string' },
    version: { type: 'integer', minimum: 1 },
    artifact: { type: 'object' },
  },
};
