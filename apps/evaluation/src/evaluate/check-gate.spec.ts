import { checkGate } from './check-gate.js';

it.each([
  [{ min: 0.5 }, 0.5, true],
  [{ min: 0.5 }, 0.499, false],
  [{ max: 0.5 }, 0.5, true],
  [{ max: 0.5 }, 0.501, false],
  [{ min: 0.4, max: 0.6 }, 0.5, true],
  [{ min: 0, max: 0 }, 0, true],
])('%j of %f: %s', (range, auc, passed) => {
  expect(checkGate({ auc: range }, { auc })).toEqual([{ metric: 'auc', ...range, value: auc, passed }]);
});

it('does not pass a metric that there is not, inherited names included', () => {
  for (const metric of ['f1', 'constructor']) {
    expect(checkGate({ [metric]: { min: 0 } }, { auc: 1 })).toEqual([
      { metric, min: 0, value: null, passed: false },
    ]);
  }
});

it('passes anything where nothing is asked', () => {
  expect(checkGate({}, { auc: 0 })).toEqual([]);
});
