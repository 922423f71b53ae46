import type { JsonSchema } from '@millrace/contracts';
import { expectationForms, type Expectation } from '../expectations/expectation.js';

export interface CheckParams {
  expectations: Expectation[];
}

const names = Object.keys(expectationForms);

/** By name, so that a mistake is reported against the form that was meant. */
export const checkParams: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    expectations: {
      type: 'array',
      maxItems: 1000,
      default: [],
      items: {
        type: 'object',
        required: ['expect'],
        properties: { expect: { enum: names } },
        allOf: Object.entries(expectationForms).map(([name, then]) => ({
          if: { properties: { expect: { const: name } }, required: ['expect'] },
          then,
        })),
      },
    },
  },
};
