import type { StepView } from '@millrace/contracts';
import { pageOfSteps, type PlacedStep } from './page-of-steps.js';

const placed = (position: number, text = ''): PlacedStep => {
  const view: StepView = {
    step: `s${position}`,
    component: 'test.any',
    status: 'succeeded',
    attempt: 1,
    outputs: { text },
    metrics: {},
  };
  return { position, view };
};
const namesIn = ({ steps }: { steps: StepView[] }) => steps.map(({ step }) => step);

describe('a page of steps', () => {
  it('has a next exactly when there are more', () => {
    const found = [placed(3), placed(7), placed(9)];
    expect(namesIn(pageOfSteps(found, 3))).toEqual(['s3', 's7', 's9']);
    expect(pageOfSteps(found, 3)).not.toHaveProperty('next');
    expect(pageOfSteps(found, 2)).toMatchObject({ next: '7' });
    expect(pageOfSteps([], 2)).toEqual({ steps: [] });
  });

  it('ends where the answer is full, though never without a step', () => {
    const found = Array.from({ length: 9 }, (_, i) => placed(i, 'x'.repeat(200_000)));
    expect(pageOfSteps(found)).toMatchObject({ next: '2' });
    expect(pageOfSteps(found, 9, 'y'.repeat(500_000))).toMatchObject({ next: '0' });
    expect(pageOfSteps(found, 9, 'y'.repeat(990_000))).toMatchObject({ next: '0' });
  });
});
