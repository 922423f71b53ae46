import { withInstances } from '../decide/instances.js';
import { newRun, newStep, restore, type RunState } from '../decide/state.js';
import { planOfNeeds } from '../../testing/plans.js';
import { isBehind, seenIn } from './is-behind.js';

const run: RunState = newRun({ run: 'r', plan: planOfNeeds([[], [0]]), params: {}, useCache: true });
const looped: RunState = restore({
  ...run,
  plan: withInstances(run.plan, [{ of: 0, index: 1 }]),
  steps: [...run.steps, { ...newStep, status: 'queued', token: 2 }],
});

describe('isBehind', () => {
  it('is what does not know a token that somebody works under', () => {
    expect(isBehind(looped, [{ step: 's0#1', token: 2 }])).toBe(false);
    expect(isBehind(looped, [{ step: 's0#1', token: 3 }])).toBe(true);
  });

  it('is what does not know an instance: another replica went on with the run', () => {
    expect(isBehind(run, [{ step: 's0#1', token: 1 }])).toBe(true);
    expect(isBehind(run, seenIn({ type: 'step.retry-asked', step: 's0#1' }))).toBe(true);
  });

  it('is nothing that is told without a step', () => {
    expect(isBehind(run, seenIn({ type: 'pause.asked' }))).toBe(false);
    expect(isBehind(run, seenIn({ type: 'step.retry-asked', step: 's0' }))).toBe(false);
  });
});
