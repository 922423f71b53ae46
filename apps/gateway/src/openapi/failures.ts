import { errorCodes } from '@millrace/contracts';
import { refTo, type OpenApiResponse, type Schema } from './schema.js';

/** What goes wrong, in the two forms that the gateway speaks. */
export const failures = {
  problem: {
    description: 'What is wrong (RFC 9457): a stable `code`, and every mistaken field',
    content: { 'application/problem+json': { schema: refTo('Problem') } },
  },
  inference: {
    description: 'What is wrong, as the Open Inference Protocol says it',
    content: { 'application/json': { schema: refTo('InferenceError') } },
  },
} satisfies Record<string, OpenApiResponse>;

const text: Schema = { type: 'string' };

export const failureSchemas: Record<string, Schema> = {
  Problem: {
    type: 'object',
    required: ['type', 'title', 'status', 'detail', 'code', 'retryable'],
    properties: {
      type: text,
      title: text,
      status: { type: 'integer' },
      detail: text,
      code: { type: 'string', enum: Object.keys(errorCodes) },
      retryable: { type: 'boolean', description: 'Whether the same request may succeed later' },
      errors: {
        type: 'array',
        items: {
          type: 'object',
          required: ['field', 'message'],
          properties: { field: { type: 'string', examples: ['targets[0].model'] }, message: text },
        },
      },
      details: { type: 'object' },
    },
  },
  InferenceError: { type: 'object', required: ['error'], properties: { error: text } },
};
