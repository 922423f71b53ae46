import type { ColumnProfile } from '@millrace/contracts';

type Suggestion = { expect: string; column: string; [key: string]: unknown };

const largestSet = 20;

const range = ({ name, type, min, max }: ColumnProfile): Suggestion[] =>
  type === 'string' || min === undefined || max === undefined
    ? []
    : [{ expect: 'expect_column_values_to_be_between', column: name, min_value: min, max_value: max }];

/** The profile lists the ten most frequent values: a set is known only when that is all of them. */
const set = ({ name, type, top, distinct, count, missing }: ColumnProfile): Suggestion[] =>
  type !== 'string' ||
  !top ||
  distinct !== top.length ||
  distinct > largestSet ||
  distinct > (count - missing) / 2
    ? []
    : [
        {
          expect: 'expect_column_values_to_be_in_set',
          column: name,
          value_set: top.map(({ value }) => value),
        },
      ];

const unique = ({ name, count, missing, distinct, type }: ColumnProfile): Suggestion[] =>
  distinct === count - missing && distinct > 1 && (type === 'string' || type === 'integer')
    ? [{ expect: 'expect_column_values_to_be_unique', column: name }]
    : [];

/** The schema that the data itself suggests, as expectations to start from: what holds of every row seen. */
export const suggestExpectations = (profile: readonly ColumnProfile[]): Suggestion[] =>
  profile.flatMap((column) => [
    { expect: 'expect_column_to_exist', column: column.name },
    ...(column.missing === 0 ? [{ expect: 'expect_column_values_to_not_be_null', column: column.name }] : []),
    ...range(column),
    ...set(column),
    ...unique(column),
  ]);
