import { InvalidRequest, type ColumnSchema } from '@millrace/contracts';
import { identifier } from '@millrace/data';
import type { ColumnExpectation } from './expectation.js';
import { typedLiteral } from './typed-literal.js';

/** SQL on a row of `dataset`. */
export interface Violation {
  /** True where the row offends. */
  offends: string;
  /** True where the row counts: `mostly` is a share of these. */
  counts: string;
}

const literalOf = (column: ColumnSchema, value: unknown, field: string): string => {
  const sql = typedLiteral(column, value);
  if (sql !== undefined) return sql;
  const wanted = column.type === 'timestamp' ? 'an ISO 8601 time' : `a ${column.type}`;
  throw new InvalidRequest([
    { field, message: `column '${column.name}' wants ${wanted}, not ${JSON.stringify(value)}` },
  ]);
};

const outside = (name: string, bounds: [operator: '<' | '>', literal: string | undefined][]): string =>
  bounds
    .flatMap(([operator, bound]) => (bound === undefined ? [] : [`${name} ${operator} ${bound}`]))
    .join(' OR ');

/**
 * What makes a row offend against an expectation about its column.
 * @param field of the expectation in the params, for errors
 * @throws InvalidRequest when a bound or a value of the set is not of the column's type
 */
export const violationOf = (
  expectation: ColumnExpectation,
  column: ColumnSchema,
  field: string,
): Violation => {
  const name = identifier(column.name);
  const present = `${name} IS NOT NULL`;
  switch (expectation.expect) {
    case 'expect_column_values_to_not_be_null':
      return { offends: `${name} IS NULL`, counts: 'true' };
    case 'expect_column_values_to_be_between': {
      const bound = (key: 'min_value' | 'max_value') =>
        expectation[key] === undefined ? undefined : literalOf(column, expectation[key], `${field}.${key}`);
      const beyond = outside(name, [
        ['<', bound('min_value')],
        ['>', bound('max_value')],
      ]);
      return { offends: `${present} AND (${beyond})`, counts: present };
    }
    case 'expect_column_values_to_be_in_set': {
      const values = expectation.value_set.map((value, i) =>
        literalOf(column, value, `${field}.value_set[${i}]`),
      );
      return { offends: `${present} AND ${name} NOT IN (${values.join(', ')})`, counts: present };
    }
    case 'expect_column_values_to_be_unique':
      return {
        offends: `${present} AND ${name} IN (SELECT ${name} FROM dataset GROUP BY ${name} HAVING count(*) > 1)`,
        counts: present,
      };
  }
};
