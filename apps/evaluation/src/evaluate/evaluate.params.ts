import type { JsonSchema } from '@millrace/contracts';

/** Metric → the range that it must be in. */
export type Gate = Record<string, { min?: number; max?: number }>;

export interface EvaluateParams {
  gate?: Gate;
}

export const evaluateParams: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    gate: {
      type: 'object',
      maxProperties: 100,
      description: 'Metric → {min?, max?}. A model outside of any of them fails the step with gate_failed.',
      additionalProperties: {
        type: 'object',
        minProperties: 1,
        additionalProperties: false,
        properties: { min: { type: 'number' }, max: { type: 'number' } },
      },
    },
  },
};
