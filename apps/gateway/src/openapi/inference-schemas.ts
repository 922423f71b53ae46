import { datatypes } from '@millrace/contracts';
import { refTo, type Schema } from './schema.js';

const parameters: Schema = { type: 'object' };
const record: Schema = { type: 'object', additionalProperties: true };

/** Bodies that are passed through as bytes, and so have no DTO. */
export const inferenceSchemas: Record<string, Schema> = {
  InferTensor: {
    type: 'object',
    required: ['name', 'shape', 'datatype'],
    properties: {
      name: { type: 'string' },
      shape: { type: 'array', items: { type: 'integer' } },
      datatype: { type: 'string', enum: [...datatypes] },
      parameters,
      data: { type: 'array', description: 'Nested or flat, row-major' },
    },
  },
  InferRequest: {
    type: 'object',
    required: ['inputs'],
    properties: {
      id: { type: 'string' },
      parameters,
      inputs: { type: 'array', items: refTo('InferTensor') },
      outputs: {
        type: 'array',
        items: { type: 'object', required: ['name'], properties: { name: { type: 'string' }, parameters } },
      },
    },
  },
  InferResponse: {
    type: 'object',
    required: ['model_name', 'outputs'],
    properties: {
      model_name: { type: 'string' },
      model_version: { type: 'string' },
      id: { type: 'string' },
      parameters,
      outputs: { type: 'array', items: refTo('InferTensor') },
    },
  },
  RowsRequest: {
    type: 'object',
    required: ['rows'],
    properties: {
      id: { type: 'string' },
      explain: { type: 'boolean' },
      rows: { type: 'array', items: record },
    },
  },
  RowsResponse: {
    type: 'object',
    required: ['model_name', 'model_version', 'predictions'],
    properties: {
      id: { type: 'string' },
      model_name: { type: 'string' },
      model_version: { type: 'string' },
      predictions: { type: 'array', items: record },
    },
  },
};
