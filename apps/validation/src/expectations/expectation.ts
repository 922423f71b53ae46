import type { JsonSchema } from '@millrace/contracts';

export type Bound = number | string;
export type Severity = 'block' | 'warn';

/** Names and meanings as in Great Expectations; missing values offend against `not_be_null` alone. */
export type Expectation = { severity: Severity } & (
  | { expect: 'expect_column_to_exist'; column: string }
  | { expect: 'expect_column_values_to_not_be_null'; column: string; mostly: number }
  | {
      expect: 'expect_column_values_to_be_between';
      column: string;
      min_value?: Bound;
      max_value?: Bound;
      mostly: number;
    }
  | {
      expect: 'expect_column_values_to_be_in_set';
      column: string;
      value_set: (string | number | boolean)[];
      mostly: number;
    }
  | { expect: 'expect_column_values_to_be_unique'; column: string; mostly: number }
  | { expect: 'expect_table_row_count_to_be_between'; min_value?: number; max_value?: number }
);

/** Those that look at the values of one column. */
export type ColumnExpectation = Extract<Expectation, { mostly: number }>;

const column = { type: 'string', minLength: 1, maxLength: 256 };
const mostly = {
  type: 'number',
  minimum: 0,
  maximum: 1,
  default: 1,
  description: 'The share of values that must hold.',
};
const bound = { type: ['number', 'string'] };
const count = { type: 'integer', minimum: 0 };

const form = (expect: Expectation['expect'], properties: JsonSchema, more: JsonSchema = {}): JsonSchema => ({
  type: 'object',
  additionalProperties: false,
  properties: {
    expect: { const: expect },
    severity: { enum: ['block', 'warn'], default: 'block' },
    ...properties,
  },
  ...more,
  required: [
    'expect',
    ...(('column' in properties ? ['column'] : []) as string[]),
    ...((more.required ?? []) as string[]),
  ],
});

const oneBound = { anyOf: [{ required: ['min_value'] }, { required: ['max_value'] }] };

export const expectationForms: Record<Expectation['expect'], JsonSchema> = {
  expect_column_to_exist: form('expect_column_to_exist', { column }),
  expect_column_values_to_not_be_null: form('expect_column_values_to_not_be_null', { column, mostly }),
  expect_column_values_to_be_between: form(
    'expect_column_values_to_be_between',
    { column, mostly, min_value: bound, max_value: bound },
    oneBound,
  ),
  expect_column_values_to_be_in_set: form(
    'expect_column_values_to_be_in_set',
    {
      ...{ column, mostly },
      value_set: {
        type: 'array',
        minItems: 1,
        maxItems: 10_000,
        items: { type: ['string', 'number', 'boolean'] },
      },
    },
    { required: ['value_set'] },
  ),
  expect_column_values_to_be_unique: form('expect_column_values_to_be_unique', { column, mostly }),
  expect_table_row_count_to_be_between: form(
    'expect_table_row_count_to_be_between',
    { min_value: count, max_value: count },
    oneBound,
  ),
};
