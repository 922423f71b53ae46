import reference from '../../reference/preprocessing.reference.json' with { type: 'json' };
import type { Column, Table } from '../table/table.js';
import { applyPreprocessing, transformTable } from './apply-preprocessing.js';
import { autoPreprocessing } from './auto-preprocessing.js';
import { fitPreprocessing } from './fit-preprocessing.js';
import type { FittedPreprocessing } from './fitted-preprocessing.js';
import type { ColumnStep } from './preprocessing-spec.js';

const number = (values: (number | null)[]): Column => ({
  kind: 'number',
  values: Float64Array.from(values, (x) => x ?? NaN),
});
const string = (values: (string | null)[]): Column => ({ kind: 'string', values });
const timestamp = (values: (string | null)[]): Column => ({
  kind: 'timestamp',
  values: Float64Array.from(values, (x) => (x === null ? NaN : Date.parse(x))),
});
const table = (columns: Record<string, Column>): Table => ({
  rows: Object.values(columns)[0]?.values.length ?? 0,
  columns,
});
const fitOne = (column: Column, steps: ColumnStep[]) =>
  fitPreprocessing({ columns: { x: steps } }, table({ x: column }));
const featuresOf = (fitted: FittedPreprocessing, of: Table) => {
  const { values, columns, rows } = applyPreprocessing(fitted, of);
  return Array.from({ length: rows }, (_, row) => [...values.slice(row * columns, (row + 1) * columns)]);
};

describe('preprocessing equals scikit-learn’s', () => {
  it.each(['mean', 'median', 'mostFrequent'] as const)('%s imputation and standard scaling', (impute) => {
    const column = number(reference.raw);
    const values = featuresOf(
      fitOne(column, [{ impute }, { scale: 'standard' }]),
      table({ x: column }),
    ).flat();
    reference[impute].forEach((expected, i) => expect(Math.abs(values[i]! - expected)).toBeLessThan(1e-6));
  });

  it('one-hot encoding with unknown and missing as zeros', () => {
    const fitted = fitOne(string(reference.words), [{ oneHot: {} }]);
    expect(fitted.features).toEqual(reference.categories.map((category) => `x=${category}`));
    expect(featuresOf(fitted, table({ x: string(reference.unseen) }))).toEqual(reference.oneHot);
  });
});

describe('fitPreprocessing', () => {
  it('names features in the order of the spec', () => {
    const fitted = fitPreprocessing(
      {
        columns: {
          when: [{ dateParts: ['hour', 'weekday'] }, { oneHot: {} }],
          distance: [{ scale: 'standard' }],
          origin: [{ oneHot: { maxCategories: 1 } }],
        },
      },
      table({
        distance: number([1, 2, 3]),
        origin: string(['b', 'a', 'b']),
        when: timestamp(['2001-01-01T05:00:00Z', '2001-01-06T05:30:00Z', null]),
        unused: string([null, null, null]),
      }),
    );
    expect(fitted.features).toEqual([
      'when.hour=5',
      'when.weekday=1',
      'when.weekday=6',
      'distance',
      'origin=b',
    ]);
  });

  it('survives JSON and keeps its result', () => {
    const data = table({
      n: number([1, null, 4]),
      s: string(['a', '', 'b']),
      d: timestamp(['1969-12-31T23:59:59.999Z', null, '2024-02-29']),
    });
    const spec = autoPreprocessing([
      { name: 'n', type: 'number' },
      { name: 's', type: 'string' },
      { name: 'd', type: 'timestamp' },
    ]);
    const fitted = fitPreprocessing(spec, data);
    const revived = JSON.parse(JSON.stringify(fitted)) as FittedPreprocessing;
    expect(revived).toEqual(fitted);
    expect(applyPreprocessing(revived, data)).toEqual(applyPreprocessing(fitted, data));
  });

  it('keeps the most frequent categories, equal ones in order', () => {
    const column = string(['d', 'c', 'c', 'b', 'a', 'd', 'e']);
    expect(fitOne(column, [{ oneHot: { maxCategories: 3 } }]).features).toEqual(['x=a', 'x=c', 'x=d']);
    expect(fitOne(column, [{ oneHot: { minCount: 2 } }]).features).toEqual(['x=c', 'x=d']);
  });

  it('gives numbers without an impute step the mean, and a constant column factor 1', () => {
    const fitted = fitOne(number([1, null, 3]), []);
    expect(featuresOf(fitted, table({ x: number([null, Infinity, 7]) }))).toEqual([[2], [2], [7]]);
    const constant = fitOne(number([5, 5]), [{ scale: 'standard' }]);
    expect(featuresOf(constant, table({ x: number([5, 6]) }))).toEqual([[0], [1]]);
  });

  it('treats what float32 cannot hold as missing', () => {
    const fitted = fitOne(number([1, 3, 1e300]), [{ impute: 'median' }]);
    expect(featuresOf(fitted, table({ x: number([1e300, -1e300, 3]) }))).toEqual([[2], [2], [3]]);
  });

  it('imputes strings before it encodes them', () => {
    const fitted = fitOne(string(['a', 'b', 'b', null]), [{ impute: 'mostFrequent' }, { oneHot: {} }]);
    expect(featuresOf(fitted, table({ x: string([null, '', 'a', 'z']) }))).toEqual([
      [0, 1],
      [0, 1],
      [1, 0],
      [0, 0],
    ]);
    const constant = fitOne(string(['a', null]), [{ impute: { constant: 'none' } }, { oneHot: {} }]);
    expect(constant.features).toEqual(['x=a', 'x=none']);
  });

  it('gives parts of dates as numbers too', () => {
    const fitted = fitOne(timestamp(['2001-03-04T05:06:07Z', null]), [
      { dateParts: ['year', 'month', 'day', 'minute'] },
    ]);
    expect(featuresOf(fitted, table({ x: timestamp(['2020-12-31T00:59:00Z', null]) }))).toEqual([
      [2020, 12, 31, 59],
      [2001, 3, 4, 6],
    ]);
  });

  it('keeps one-hot features compact', () => {
    const column = string(['a', 'b', 'z']);
    const { blocks } = transformTable(fitOne(string(['a', 'b']), [{ oneHot: {} }]), table({ x: column }));
    expect(blocks).toEqual([{ kind: 'oneHot', offset: 0, width: 2, index: Uint16Array.of(0, 1, 2) }]);
  });
});

describe('preprocessing refuses', () => {
  const spec = { columns: { x: [{ scale: 'standard' as const }] } };

  it('an unknown column, by name, when fitted and when applied', () => {
    const unknown = expect.objectContaining({ code: 'unknown_column', details: { column: 'x' } });
    expect(() => fitPreprocessing(spec, table({ y: number([1]) }))).toThrow(unknown);
    const fitted = fitPreprocessing(spec, table({ x: number([1, 2]) }));
    expect(() => applyPreprocessing(fitted, table({ y: number([1]) }))).toThrow(unknown);
    expect(() => fitPreprocessing({ columns: { constructor: [] } }, table({ y: number([1]) }))).toThrow(
      expect.objectContaining({ code: 'unknown_column' }),
    );
  });

  it('a column of another type', () => {
    const fitted = fitPreprocessing(spec, table({ x: number([1, 2]) }));
    expect(() => applyPreprocessing(fitted, table({ x: string(['1']) }))).toThrow(
      expect.objectContaining({ code: 'column_type', details: { column: 'x' } }),
    );
  });

  it('no rows, no values, no columns', () => {
    expect(() => fitPreprocessing(spec, table({ x: number([]) }))).toThrow(
      expect.objectContaining({ code: 'no_rows' }),
    );
    expect(() => fitPreprocessing(spec, table({ x: number([null]) }))).toThrow(
      expect.objectContaining({ code: 'no_values' }),
    );
    expect(() => fitPreprocessing({ columns: {} }, table({ x: number([1]) }))).toThrow(
      expect.objectContaining({ code: 'invalid_spec' }),
    );
  });

  const bad: [string, Column, unknown][] = [
    ['an unknown step', number([1]), [{ hash: 1 }]],
    ['two steps in one', number([1]), [{ impute: 'mean', scale: 'standard' }]],
    ['steps in the wrong order', number([1]), [{ scale: 'standard' }, { impute: 'mean' }]],
    ['a step twice', number([1]), [{ impute: 'mean' }, { impute: 'mean' }]],
    ['scale before oneHot', number([1]), [{ scale: 'standard' }, { oneHot: {} }]],
    ['null', number([1]), [null]],
    ['steps that are no list', number([1]), 'scale'],
    ['an unknown scale', number([1]), [{ scale: 'minmax' }]],
    ['an unknown imputation', number([1]), [{ impute: 'magic' }]],
    ['a constant of the wrong type', number([1]), [{ impute: { constant: 'a' } }]],
    ['a constant that float32 cannot hold', number([1]), [{ impute: { constant: 1e300 } }]],
    ['too many categories', string(['a']), [{ oneHot: { maxCategories: 1e9 } }]],
    ['an unknown option', string(['a']), [{ oneHot: { drop: true } }]],
    ['a minimum of zero', string(['a']), [{ oneHot: { minCount: 0 } }]],
    ['oneHot that is no object', string(['a']), [{ oneHot: true }]],
    ['a string that is not encoded', string(['a']), []],
    ['the mean of strings', string(['a']), [{ impute: 'mean' }, { oneHot: {} }]],
    ['date parts of a number', number([1]), [{ dateParts: ['hour'] }]],
    ['a timestamp without parts', timestamp(['2001-01-01']), [{ scale: 'standard' }]],
    ['an unknown part', timestamp(['2001-01-01']), [{ dateParts: ['century'] }]],
    ['a part twice', timestamp(['2001-01-01']), [{ dateParts: ['hour', 'hour'] }]],
    ['no parts', timestamp(['2001-01-01']), [{ dateParts: [] }]],
  ];
  it.each(bad)('%s, naming the column', (_, column, steps) => {
    expect(() => fitOne(column, steps as ColumnStep[])).toThrow(
      expect.objectContaining({
        code: 'invalid_spec',
        details: { column: 'x' },
        message: expect.stringContaining("'x'"),
      }),
    );
  });
});
