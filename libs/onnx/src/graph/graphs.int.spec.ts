import {
  applyPreprocessing,
  dateParts,
  fitLinearRegression,
  fitLogisticRegression,
  fitPreprocessing,
  predict,
  predictProbabilities,
  random,
  transformTable,
  type Column,
  type ColumnStep,
  type FittedPreprocessing,
  type Table,
} from '@millrace/ml';
import fc from 'fast-check';
import { columnsToFeeds } from '../feeds/columns-to-feeds.js';
import { loadModel } from '../model/load-model.js';
import type { Tensor } from '../tensor/tensor.js';
import { buildFusedModel } from './build-fused-model.js';
import { buildTransform } from './build-transform.js';

const rows = 600;
const { next, below } = random(5);
const sometimes = <T>(value: T, missing: T) => (next() < 0.1 ? missing : value);
const numbers = (make: () => number) => Float64Array.from({ length: rows }, make);

/** Every kind of column, with missing values, infinities, empty strings, and dates before 1970. */
const table: Table = {
  rows,
  columns: {
    distance: {
      kind: 'number',
      values: numbers(() => sometimes(500 + 300 * next(), next() < 0.5 ? NaN : Infinity)),
    },
    floor: { kind: 'number', values: numbers(() => sometimes(below(5) - 2, NaN)) },
    late: { kind: 'boolean', values: numbers(() => sometimes(below(2), NaN)) },
    origin: {
      kind: 'string',
      values: Array.from({ length: rows }, () =>
        sometimes<string | null>(`ä${below(20)}`, next() < 0.5 ? null : ''),
      ),
    },
    carrier: {
      kind: 'string',
      values: Array.from({ length: rows }, () => sometimes<string | null>(`C${below(4)}`, null)),
    },
    date: { kind: 'timestamp', values: numbers(() => sometimes(Math.floor((next() - 0.5) * 4e12), NaN)) },
  },
};

const spec: Record<string, ColumnStep[]> = {
  distance: [{ impute: 'median' }, { scale: 'standard' }],
  origin: [{ oneHot: { maxCategories: 12 } }],
  floor: [{ impute: 'mostFrequent' }, { oneHot: { maxCategories: 4 } }],
  late: [],
  carrier: [{ impute: 'mostFrequent' }, { oneHot: {} }],
  date: [
    { dateParts: ['hour', 'weekday', 'month', 'day', 'minute', 'year'] },
    { oneHot: { maxCategories: 20 } },
  ],
};
const fitted = fitPreprocessing({ columns: spec }, table);
const X = transformTable(fitted, table);
const labels = (classes: number) => Int32Array.from({ length: rows }, (_, i) => (i * 7 + below(2)) % classes);

const difference = (expected: ArrayLike<number>, actual: Tensor | undefined) => {
  const data = actual!.data as ArrayLike<number>;
  expect(data.length).toBe(expected.length);
  return Math.max(...Array.from(expected, (x, i) => Math.abs(x - data[i]!)));
};

const features = async (of: FittedPreprocessing, data: Table) => {
  await using model = await loadModel(buildTransform(of));
  return (await model.run(columnsToFeeds(model.signature, data)))['features'];
};

describe('the transform as a graph', () => {
  it('yields the features of applyPreprocessing, bit by bit', async () => {
    const actual = await features(fitted, table);
    expect(actual!.dims).toEqual([rows, fitted.features.length]);
    expect(difference(applyPreprocessing(fitted, table).values, actual)).toBe(0);
  });

  it.each([
    ['scaled dates', { date: [{ dateParts: [...dateParts] }, { impute: 'median' }, { scale: 'standard' }] }],
    [
      'dates imputed, then one-hot',
      { date: [{ dateParts: ['weekday'] }, { impute: 'mostFrequent' }, { oneHot: {} }] },
    ],
    [
      'years imputed, then one-hot',
      { date: [{ dateParts: ['year'] }, { impute: { constant: 2001 } }, { oneHot: {} }] },
    ],
    ['a constant string', { carrier: [{ impute: { constant: 'none' } }, { oneHot: {} }] }],
    ['numbers one-hot without imputation', { floor: [{ oneHot: {} }] }],
    ['a number alone', { distance: [] }],
  ] as [string, Record<string, ColumnStep[]>][])('does so for %s', async (_, columns) => {
    const of = fitPreprocessing({ columns }, table);
    expect(difference(applyPreprocessing(of, table).values, await features(of, table))).toBe(0);
  });

  it('does so for what it has never seen', async () => {
    const column = (kind: Column['kind'], arbitrary: fc.Arbitrary<unknown>) =>
      fc.tuple(fc.constant(kind), arbitrary);
    const cells = fc.record({
      distance: column('number', fc.double()),
      floor: column('number', fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constant(-0), fc.constant(NaN))),
      late: column('boolean', fc.constantFrom(0, 1, NaN)),
      origin: column('string', fc.oneof(fc.constantFrom('ä1', '', null), fc.string())),
      carrier: column('string', fc.constantFrom('C1', 'Z', '', null)),
      date: column('timestamp', fc.oneof(fc.date({ noInvalidDate: true }).map(Number), fc.constant(NaN))),
    });
    await using model = await loadModel(buildTransform(fitted));
    await fc.assert(
      fc.asyncProperty(cells, async (row) => {
        const one = {
          rows: 1,
          columns: Object.fromEntries(
            Object.entries(row).map(([name, [kind, value]]) => [
              name,
              { kind, values: kind === 'string' ? [value] : Float64Array.of(value as number) } as Column,
            ]),
          ),
        };
        const actual = await model.run(columnsToFeeds(model.signature, one));
        expect(difference(applyPreprocessing(fitted, one).values, actual['features'])).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});

describe('date parts in the graph', () => {
  it('are what Date says in UTC, also before 1970', async () => {
    const times = fc.sample(fc.date({ noInvalidDate: true }), { numRuns: 2000, seed: 1 });
    const edges = [
      '1969-12-31T23:59:59.999Z',
      '1970-01-01',
      '2000-02-29',
      '1900-03-01',
      '0000-02-28T23:59Z',
      '-271821-04-20',
      '+275760-09-13',
    ];
    const dates = [...times, ...edges.map((text) => new Date(text))];
    const column: Column = { kind: 'timestamp', values: Float64Array.from(dates, Number) };
    const one = { rows: dates.length, columns: { date: column } };
    const of = fitPreprocessing({ columns: { date: [{ dateParts: [...dateParts] }] } }, one);
    const expected = dates.flatMap((date) => [
      date.getUTCFullYear(),
      date.getUTCMonth() + 1,
      date.getUTCDate(),
      date.getUTCDay(),
      date.getUTCHours(),
      date.getUTCMinutes(),
    ]);
    expect(difference(expected, await features(of, one))).toBe(0);
  });
});

describe('a fused model', () => {
  it.each([2, 3, 5])('agrees with logistic regression on %i classes', async (classes) => {
    const { model: estimator } = fitLogisticRegression(X, labels(classes), { l2: 0.1 });
    await using model = await loadModel(
      buildFusedModel({ fitted, estimator, classes: [...'abcde'].slice(0, classes) }),
    );
    const outputs = await model.run(columnsToFeeds(model.signature, table));
    expect(difference(predictProbabilities(estimator, X), outputs['probabilities'])).toBeLessThan(1e-6);
    expect(outputs['probabilities']!.dims).toEqual([rows, classes]);
    expect(outputs['label']!.dims).toEqual([rows]);
    const probabilities = outputs['probabilities']!.data as Float32Array;
    (outputs['label']!.data as BigInt64Array).forEach((label, row) => {
      const of = [...probabilities.subarray(row * classes, (row + 1) * classes)];
      expect(Number(label)).toBe(of.indexOf(Math.max(...of)));
    });
  });

  it('agrees with linear regression', async () => {
    const y = Float64Array.from({ length: rows }, () => 10 * next());
    const { model: estimator } = fitLinearRegression(X, y);
    await using model = await loadModel(buildFusedModel({ fitted, estimator }));
    const { prediction } = await model.run(columnsToFeeds(model.signature, table));
    expect(prediction!.dims).toEqual([rows, 1]);
    expect(difference(predict(estimator, X), prediction)).toBeLessThan(1e-5);
  });

  it.each([
    ['numbers only', { distance: [{ scale: 'standard' }], floor: [] }],
    ['categories only', { origin: [{ oneHot: {} }] }],
    ['two categories', { origin: [{ oneHot: {} }], carrier: [{ oneHot: {} }] }],
  ] as [string, Record<string, ColumnStep[]>][])('agrees on %s', async (_, columns) => {
    const of = fitPreprocessing({ columns }, table);
    const features = transformTable(of, table);
    for (const classes of [2, 3]) {
      const { model: estimator } = fitLogisticRegression(features, labels(classes));
      await using model = await loadModel(buildFusedModel({ fitted: of, estimator }));
      const { probabilities } = await model.run(columnsToFeeds(model.signature, table));
      expect(difference(predictProbabilities(estimator, features), probabilities)).toBeLessThan(1e-6);
    }
    const { model: estimator } = fitLinearRegression(features, Float64Array.from({ length: rows }, next));
    await using model = await loadModel(buildFusedModel({ fitted: of, estimator }));
    const { prediction } = await model.run(columnsToFeeds(model.signature, table));
    expect(difference(predict(estimator, features), prediction)).toBeLessThan(1e-6);
  });

  it('says what its inputs and outputs are', async () => {
    const { model: estimator } = fitLogisticRegression(X, labels(3));
    const columns = [{ name: 'floor', type: 'integer' as const }];
    await using model = await loadModel(
      buildFusedModel({ fitted, estimator, columns, classes: ['a', 'b', 'c'] }),
    );
    const shape = [-1, 1];
    expect(model.signature).toEqual({
      inputs: [
        { name: 'distance', datatype: 'FP32', shape, column: 'number' },
        { name: 'origin', datatype: 'BYTES', shape, column: 'string' },
        { name: 'floor', datatype: 'FP32', shape, column: 'integer' },
        { name: 'late', datatype: 'FP32', shape, column: 'boolean' },
        { name: 'carrier', datatype: 'BYTES', shape, column: 'string' },
        { name: 'date', datatype: 'INT64', shape, column: 'timestamp' },
      ],
      outputs: [
        { name: 'label', datatype: 'INT64', shape: [-1] },
        { name: 'probabilities', datatype: 'FP32', shape: [-1, 3] },
      ],
    });
    expect(model.metadata['millrace.classes']).toBe('["a","b","c"]');
  });

  it('refuses an estimator of other features, and columns called like its outputs', () => {
    const estimator = {
      kind: 'linear' as const,
      features: 1,
      coefficients: Float64Array.of(1),
      intercept: 0,
    };
    expect(() => buildFusedModel({ fitted, estimator })).toThrow(RangeError);
    const label = fitPreprocessing(
      { columns: { label: [] } },
      { rows: 2, columns: { label: { kind: 'number', values: Float64Array.of(1, 2) } } },
    );
    expect(() => buildFusedModel({ fitted: label, estimator })).toThrow(
      expect.objectContaining({ code: 'data_invalid', details: { column: 'label' } }),
    );
  });
});
