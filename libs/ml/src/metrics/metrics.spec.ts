import fc from 'fast-check';
import reference from '../../reference/metrics.reference.json' with { type: 'json' };
import { auc, averagePrecision, macroAuc } from './auc.js';
import { accuracy, calibration, confusion, logLoss } from './classification.js';
import { prCurve, rocCurve, thinned } from './curves.js';
import { mae, r2, rmse } from './regression.js';
import { classShares, scoreClassification } from './score.js';

const { binary, multiclass, regression, certain } = reference;
const numbers = (values: (number | string)[]) => values.map(Number);
const bothClasses = (scores: number[]) => scores.flatMap((p) => [1 - p, p]);
const argmax = (row: number[]) => row.indexOf(Math.max(...row));

const close = (actual: ArrayLike<number>, expected: number[]) => {
  expect(actual.length).toBe(expected.length);
  expected.forEach((x, i) => {
    if (Number.isFinite(x)) expect(Math.abs(actual[i]! - x)).toBeLessThan(1e-9);
    else expect(actual[i]).toBe(x);
  });
};

describe('metrics equal scikit-learn’s', () => {
  const predicted = binary.scores.map((p) => (p > 0.5 ? 1 : 0));

  it('of two classes', () => {
    close(
      [
        auc(binary.truth, binary.scores),
        averagePrecision(binary.truth, binary.scores),
        logLoss(binary.truth, bothClasses(binary.scores), 2),
        accuracy(binary.truth, predicted),
      ],
      [binary.auc, binary.averagePrecision, binary.logLoss, binary.accuracy],
    );
    expect(confusion(binary.truth, predicted, 2)).toEqual(binary.confusion);
  });

  it('as curves', () => {
    const roc = rocCurve(binary.truth, binary.scores);
    close(roc.falsePositiveRate, binary.roc.falsePositiveRate);
    close(roc.truePositiveRate, binary.roc.truePositiveRate);
    close(roc.thresholds, numbers(binary.roc.thresholds));
    const pr = prCurve(binary.truth, binary.scores);
    close(pr.precision, binary.pr.precision);
    close(pr.recall, binary.pr.recall);
    close(pr.thresholds, binary.pr.thresholds);
  });

  it('of calibration', () => {
    const bins = calibration(binary.truth, binary.scores, 10);
    close(
      bins.map((bin) => bin.observed),
      binary.calibration.observed,
    );
    close(
      bins.map((bin) => bin.predicted),
      binary.calibration.predicted,
    );
    expect(bins.reduce((sum, bin) => sum + bin.rows, 0)).toBe(binary.truth.length);
  });

  it('of several classes', () => {
    const classes = multiclass.probabilities.map(argmax);
    const probabilities = multiclass.probabilities.flat();
    close(
      [
        macroAuc(multiclass.truth, probabilities, 3),
        logLoss(multiclass.truth, probabilities, 3),
        accuracy(multiclass.truth, classes),
      ],
      [multiclass.macroAuc, multiclass.logLoss, multiclass.accuracy],
    );
    expect(confusion(multiclass.truth, classes, 3)).toEqual(multiclass.confusion);
  });

  it('of regression', () => {
    const { truth, predicted } = regression;
    close(
      [rmse(truth, predicted), mae(truth, predicted), r2(truth, predicted)],
      [regression.rmse, regression.mae, regression.r2],
    );
  });

  it('of probabilities that are 0 or 1', () => {
    close([logLoss(certain.truth, bothClasses(certain.probabilities), 2)], [certain.logLoss]);
  });
});

describe('auc', () => {
  const labelled = fc.array(fc.tuple(fc.constantFrom(0, 1), fc.integer({ min: 0, max: 20 })), {
    maxLength: 60,
  });

  it('is the share of pairs in the right order, ties half', () => {
    fc.assert(
      fc.property(labelled, (rows) => {
        const positives = rows.filter(([y]) => y === 1);
        const negatives = rows.filter(([y]) => y === 0);
        fc.pre(positives.length > 0 && negatives.length > 0);
        let right = 0;
        for (const [, p] of positives) for (const [, q] of negatives) right += p > q ? 1 : p === q ? 0.5 : 0;
        const expected = right / (positives.length * negatives.length);
        const actual = auc(
          rows.map(([y]) => y),
          rows.map(([, s]) => s),
        );
        expect(actual).toBeCloseTo(expected, 12);
      }),
    );
  });

  it('refuses one class, NaN, no rows and other lengths by code', () => {
    expect(() => auc([1, 1], [0.1, 0.2])).toThrow(expect.objectContaining({ code: 'single_class' }));
    expect(() => auc([1, 0], [0.1, NaN])).toThrow(expect.objectContaining({ code: 'not_finite' }));
    expect(() => auc([], [])).toThrow(expect.objectContaining({ code: 'no_rows' }));
    expect(() => auc([1, 0], [0.1])).toThrow(expect.objectContaining({ code: 'dimension_mismatch' }));
  });
});

it('r2 of a constant truth is 1 when hit and else 0', () => {
  expect([r2([2, 2], [2, 2]), r2([2, 2], [2, 3])]).toEqual([1, 0]);
});

it('confusion refuses a class out of range', () => {
  expect(() => confusion([0, 2], [0, 0], 2)).toThrow(expect.objectContaining({ code: 'unknown_class' }));
  expect(() => confusion([0, 1], [0, 5], 2)).toThrow(expect.objectContaining({ code: 'unknown_class' }));
});

it('thinned keeps both ends and never exceeds its limit', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 2, max: 200 }), (n, max) => {
      const kept = thinned(n, max);
      expect(kept).toHaveLength(Math.min(n, max));
      expect([kept[0], kept.at(-1)]).toEqual([0, n - 1]);
      expect(kept.every((x, i) => i === 0 || x > kept[i - 1]!)).toBe(true);
    }),
  );
});

describe('scores', () => {
  it('of several classes are the metrics by name', () => {
    const scores = scoreClassification(multiclass.truth, multiclass.probabilities.flat(), 3);
    close(
      [scores['auc']!, scores['logLoss']!, scores['accuracy']!],
      [multiclass.macroAuc, multiclass.logLoss, multiclass.accuracy],
    );
  });

  it('of two classes take the second as positive', () => {
    const { auc: area } = scoreClassification(binary.truth, bothClasses(binary.scores), 2);
    close([area!], [binary.auc]);
  });

  it('have no AUC where a class has no rows', () => {
    expect(Object.keys(scoreClassification([1, 1], [0.2, 0.8, 0.6, 0.4], 2))).toEqual([
      'logLoss',
      'accuracy',
    ]);
  });

  it('of class shares are those of guessing', () => {
    const shares = classShares([0, 0, 0, 1], 2);
    expect(shares).toEqual([0.75, 0.25]);
    const guesses = [0, 0, 0, 1].flatMap(() => shares);
    expect(scoreClassification([0, 0, 0, 1], guesses, 2)).toMatchObject({ auc: 0.5, accuracy: 0.75 });
  });
});
