import type { JsonSchema } from '@millrace/contracts';
import type { SplitOptions } from '@millrace/data';

export type SplitParams = SplitOptions;

export const splitParams: JsonSchema = {
  type: 'object',
  required: ['by'],
  additionalProperties: false,
  properties: {
    by: { enum: ['time', 'random'] },
    column: {
      type: 'string',
      minLength: 1,
      maxLength: 256,
      description: 'By time: a timestamp or a number. The test is what comes last.',
    },
    testFraction: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1, default: 0.2 },
    seed: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 1 },
  },
  if: { properties: { by: { const: 'time' } } },
  then: { required: ['column'] },
};
