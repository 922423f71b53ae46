import type { JsonSchema } from '@millrace/contracts';

export interface ScoreParams {
  columns?: string[];
  prefix?: string;
}

export const scoreParams: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    columns: {
      type: 'array',
      uniqueItems: true,
      maxItems: 10_000,
      items: { type: 'string', minLength: 1, maxLength: 256 },
      description: 'Columns of the dataset to keep, in this order. Default: all.',
    },
    prefix: {
      type: 'string',
      maxLength: 64,
      description: "Begins the names of the predictions' columns. Default: none.",
    },
  },
};
