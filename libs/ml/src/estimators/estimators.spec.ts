import fc from 'fast-check';
import reference from '../../reference/estimators.reference.json' with { type: 'json' };
import { denseMatrix, toDense, type FeatureMatrix } from '../matrix/feature-matrix.js';
import { fitLinearRegression, predict } from './linear-regression.js';
import {
  decisionFunction,
  fitLogisticRegression,
  mostProbable,
  predictProbabilities,
} from './logistic-regression.js';

const { numbers, category, binary, multinomial, linear } = reference;
const rows = numbers.length;

/** The reference's two numbers and its one-hot category of four, in compact form. */
const compact: FeatureMatrix = {
  rows,
  columns: 6,
  blocks: [
    { kind: 'dense', offset: 0, width: 2, values: Float32Array.from(numbers.flat()) },
    { kind: 'oneHot', offset: 2, width: 4, index: Uint16Array.from(category) },
  ],
};
const dense = denseMatrix(toDense(compact), rows, 6);

/** Largest difference, relative to the largest expected value. */
const difference = (actual: ArrayLike<number>, expected: number[]) => {
  expect(actual.length).toBe(expected.length);
  const scale = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((x, i) => Math.abs(actual[i]! - x))) / scale;
};

describe.each([
  ['compact', compact],
  ['dense', dense],
])('estimators on a %s matrix', (_, X) => {
  it.each(binary.fits)('fits binary logistic regression to scikit-learn’s optimum at l2 $l2', (fit) => {
    const { model, converged } = fitLogisticRegression(X, binary.y, { l2: fit.l2, tolerance: 1e-9 });
    expect(converged).toBe(true);
    expect(difference(model.coefficients, fit.coefficients.flat())).toBeLessThan(1e-7);
    expect(difference(model.intercepts, fit.intercepts)).toBeLessThan(1e-7);
    expect(difference(predictProbabilities(model, X).slice(0, 10), fit.probabilities.flat())).toBeLessThan(
      1e-7,
    );
  });

  it.each(multinomial.fits)('fits multinomial logistic regression to the same optimum at l2 $l2', (fit) => {
    const { model, converged } = fitLogisticRegression(X, multinomial.y, { l2: fit.l2, tolerance: 1e-9 });
    expect(converged).toBe(true);
    expect(difference(model.coefficients, fit.coefficients.flat())).toBeLessThan(1e-6);
    expect(difference(predictProbabilities(model, X).slice(0, 15), fit.probabilities.flat())).toBeLessThan(
      1e-7,
    );
  });

  it.each(linear.fits)('fits ridge regression to scikit-learn’s within 1e-8 at l2 $l2', (fit) => {
    const { model } = fitLinearRegression(X, linear.y, { l2: fit.l2 });
    expect(difference(predict(model, X), fit.predictions)).toBeLessThan(1e-8);
    // Without a penalty the one-hot features depend on the intercept, and their coefficients are a matter of choice.
    if (fit.l2 === 0) return;
    expect(difference(model.coefficients, fit.coefficients)).toBeLessThan(1e-8);
    expect(Math.abs(model.intercept - fit.intercept)).toBeLessThan(1e-8);
  });
});

describe('logistic regression', () => {
  it('reports a falling loss per iteration', () => {
    const seen: number[] = [];
    const { curve } = fitLogisticRegression(compact, binary.y, {
      onIteration: ({ loss }) => seen.push(loss),
    });
    expect(curve.map(({ loss }) => loss)).toEqual(seen);
    expect(seen.length).toBeGreaterThan(2);
    expect(seen.every((loss, i) => i === 0 || loss <= seen[i - 1]! + 1e-12)).toBe(true);
    expect(seen[0]).toBeLessThan(Math.LN2);
  });

  it('does not depend on the order of rows', () => {
    const fit = (order: number[]) =>
      fitLogisticRegression(
        {
          rows,
          columns: 6,
          blocks: [
            {
              kind: 'dense',
              offset: 0,
              width: 2,
              values: Float32Array.from(order.flatMap((i) => numbers[i]!)),
            },
            { kind: 'oneHot', offset: 2, width: 4, index: Uint16Array.from(order, (i) => category[i]!) },
          ],
        },
        order.map((i) => binary.y[i]!),
        { tolerance: 1e-9 },
      ).model.coefficients;
    const natural = Array.from({ length: rows }, (_, i) => i);
    const expected = [...fit(natural)];
    fc.assert(
      fc.property(fc.shuffledSubarray(natural, { minLength: rows }), (order) => {
        expect(difference(fit(order), expected)).toBeLessThan(1e-7);
      }),
      { numRuns: 10 },
    );
  });

  it('gives the same bits for the same data', () => {
    const fit = () => fitLogisticRegression(compact, binary.y).model;
    expect(fit()).toEqual(fit());
  });

  it('survives separable classes without a penalty, within its iterations', () => {
    const X = denseMatrix(Float32Array.of(-2, -1, 1, 2), 4, 1);
    const { model, iterations } = fitLogisticRegression(X, [0, 0, 1, 1], { l2: 0, maxIterations: 30 });
    expect(iterations).toBeLessThanOrEqual(30);
    expect([...mostProbable(predictProbabilities(model, X), 2)]).toEqual([0, 0, 1, 1]);
  });

  it('has probabilities that are the sigmoid of its scores and sum to one', () => {
    const { model } = fitLogisticRegression(compact, multinomial.y);
    const probabilities = predictProbabilities(model, compact);
    for (let row = 0; row < rows; row++) {
      expect(probabilities[row * 3]! + probabilities[row * 3 + 1]! + probabilities[row * 3 + 2]!).toBeCloseTo(
        1,
        12,
      );
    }
    expect(decisionFunction(model, compact)).toHaveLength(rows * 3);
    expect(model.intercepts.reduce((sum, b) => sum + b, 0)).toBeCloseTo(0, 12);
  });
});

const small = denseMatrix(Float32Array.of(1, 2, 3, 4), 4, 1);

describe.each([
  ['logistic', fitLogisticRegression],
  ['linear', fitLinearRegression],
])('%s regression refuses', (_, fit) => {
  it('a NaN target, naming the row', () => {
    expect(() => fit(small, [0, 1, NaN, 0])).toThrow(
      expect.objectContaining({ code: 'missing_label', details: { row: 2 } }),
    );
  });

  it('no rows', () => {
    expect(() => fit(denseMatrix(new Float32Array(0), 0, 1), [])).toThrow(
      expect.objectContaining({ code: 'no_rows' }),
    );
  });

  it('labels of another length', () => {
    expect(() => fit(small, [0, 1])).toThrow(expect.objectContaining({ code: 'dimension_mismatch' }));
  });

  it('features that are not finite, naming the row', () => {
    expect(() => fit(denseMatrix(Float32Array.of(1, NaN, 3, 4), 4, 1), [0, 1, 0, 1])).toThrow(
      expect.objectContaining({ code: 'not_finite', details: { row: 1 } }),
    );
  });

  it.each([{ l2: -1 }, { l2: NaN }, { maxIterations: 0 }, { tolerance: 0 }])('options %j', (options) => {
    expect(() => fit(small, [0, 1, 0, 1], options)).toThrow(
      expect.objectContaining({ code: 'invalid_option' }),
    );
  });

  it('to go on when it is cancelled', () => {
    expect(() => fit(small, [0, 1, 0, 1], { signal: { aborted: true } })).toThrow(
      expect.objectContaining({ code: 'aborted' }),
    );
  });
});

it('logistic regression refuses a single class and classes out of range', () => {
  expect(() => fitLogisticRegression(small, [1, 1, 1, 1])).toThrow(
    expect.objectContaining({ code: 'single_class' }),
  );
  expect(() => fitLogisticRegression(small, [0, 1, 2, 0], { classes: 2 })).toThrow(
    expect.objectContaining({ code: 'unknown_class' }),
  );
});

it('linear regression leaves out a feature that repeats another', () => {
  const X = denseMatrix(Float32Array.of(1, 1, 2, 2, 3, 3, 5, 5), 4, 2);
  const { model } = fitLinearRegression(X, [3, 5, 7, 11], { l2: 0 });
  expect([...model.coefficients, model.intercept].map((x) => +x.toFixed(9))).toEqual([2, 0, 1]);
});

it('linear regression refuses more features than its normal equations can hold', () => {
  const X = denseMatrix(new Float32Array(5001), 1, 5001);
  expect(() => fitLinearRegression(X, [1])).toThrow(expect.objectContaining({ code: 'too_many_features' }));
});

it('logistic regression refuses more class scores than it can hold', () => {
  const rows = 200_000;
  const X: FeatureMatrix = {
    rows,
    columns: 1,
    blocks: [{ kind: 'oneHot', offset: 0, width: 1, index: new Uint16Array(rows) }],
  };
  const y = Int32Array.from({ length: rows }, (_, row) => row % 1000);
  expect(() => fitLogisticRegression(X, y)).toThrow(expect.objectContaining({ code: 'too_many_classes' }));
});
