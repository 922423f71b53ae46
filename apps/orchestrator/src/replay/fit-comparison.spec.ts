import type { StepDifference } from '@millrace/contracts';
import { fitComparison } from './fit-comparison.js';

const step = (name: string, same: boolean): StepDifference => ({
  step: name,
  kept: false,
  same,
  outputs: [],
  metrics: [],
});

describe('fitting a comparison into an answer', () => {
  const steps = Array.from({ length: 100 }, (_, i) => step(`s${i}`, i % 10 !== 0));
  const bytes = JSON.stringify(step('s0', false)).length;

  it('leaves out nothing where all fits', () => {
    expect(fitComparison(steps)).toEqual({ steps });
  });

  it('leaves out what is the same, then the last of what is different, and says how many', () => {
    const { steps: left, omitted } = fitComparison(steps, 50 * bytes);
    expect([left.map(({ step: name }) => name), omitted]).toEqual([
      ['s0', 's10', 's20', 's30', 's40', 's50', 's60', 's70', 's80', 's90'],
      90,
    ]);
    expect(fitComparison(steps, 3 * (bytes + 2))).toMatchObject({ steps: [{}, {}, {}], omitted: 97 });
  });
});
