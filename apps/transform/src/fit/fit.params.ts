import { tasks, type JsonSchema, type LearningTask } from '@millrace/contracts';
import type { PreprocessingSpec } from '@millrace/ml';

export interface FitParams {
  label: string;
  task: LearningTask | 'auto';
  /** Steps per raw column; all columns but the label, by their types, unless given. */
  columns?: PreprocessingSpec['columns'];
  drop?: string[];
}

const column = { type: 'string', minLength: 1, maxLength: 256 };
const step = (name: string, value: JsonSchema): JsonSchema => ({
  type: 'object',
  required: [name],
  additionalProperties: false,
  properties: { [name]: value },
});

/** The form of one step; which steps fit which type and in what order is libs/ml's to say. */
const steps: JsonSchema = {
  type: 'array',
  maxItems: 10,
  items: {
    anyOf: [
      step('impute', {
        anyOf: [
          { enum: ['mean', 'median', 'mostFrequent'] },
          step('constant', { type: ['number', 'string'] }),
        ],
      }),
      step('scale', { enum: ['standard'] }),
      step('oneHot', {
        type: 'object',
        additionalProperties: false,
        properties: {
          maxCategories: { type: 'integer', minimum: 1, maximum: 10_000 },
          minCount: { type: 'integer', minimum: 1 },
        },
      }),
      step('dateParts', {
        type: 'array',
        minItems: 1,
        uniqueItems: true,
        items: { enum: ['year', 'month', 'day', 'weekday', 'hour', 'minute'] },
      }),
    ],
  },
};

export const fitParams: JsonSchema = {
  type: 'object',
  required: ['label'],
  additionalProperties: false,
  properties: {
    label: { ...column, description: 'What is to be predicted; never among the inputs.' },
    task: { enum: ['auto', ...tasks], default: 'auto' },
    columns: {
      type: 'object',
      minProperties: 1,
      maxProperties: 10_000,
      additionalProperties: steps,
      description: 'Raw column → its steps, e.g. {"origin": [{"oneHot": {"maxCategories": 300}}]}.',
    },
    drop: {
      type: 'array',
      maxItems: 10_000,
      items: column,
      description: 'Columns that are not to be inputs.',
    },
  },
};
