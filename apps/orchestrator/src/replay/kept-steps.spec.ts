import type { StepStatus } from '@millrace/contracts';
import type { Plan } from '../definition/plan.js';
import { planOfNeeds } from '../testing/plans.js';
import { keptSteps, type Earlier } from './kept-steps.js';

const earlierOf = (plan: Plan, statuses: readonly StepStatus[] = []): Earlier =>
  new Map(
    plan.steps.map((planned, i) => [
      planned.name,
      {
        planned,
        state: { status: statuses[i] ?? 'succeeded', attempt: 1, token: 1, lapses: 0, outputs: { value: i } },
      },
    ]),
  );

// 0 → 1 → 2, 0 → 3; 4 stands alone
const plan = planOfNeeds([[], [0], [1], [0], []]);
const kept = (from?: string[], statuses?: StepStatus[]) => [
  ...keptSteps(plan, earlierOf(plan, statuses), from),
];

describe('the steps that keep their results', () => {
  it('are those that brought in the data, unless something else is asked', () => {
    expect(kept()).toEqual([0]);
  });

  it('are all that does not depend on what is asked for', () => {
    expect(kept(['s1'])).toEqual([0, 3, 4]);
    expect(kept(['s0'])).toEqual([4]);
    expect(kept(['s4', 's3'])).toEqual([0, 1, 2]);
  });

  it('have a result', () => {
    expect(kept(['s4'], ['succeeded', 'failed', 'skipped', 'cached'])).toEqual([0, 3]);
    expect(kept(undefined, ['failed'])).toEqual([]);
  });

  it('are of the same component, with all that it gives now', () => {
    const other = planOfNeeds([[], [0]], (step) => (step === 0 ? { component: 'other.one' } : {}));
    expect([...keptSteps(other, earlierOf(plan))]).toEqual([]);
    const more = planOfNeeds([[], [0]], (step) =>
      step === 0
        ? { outputs: { value: { type: 'value', optional: false }, more: { type: 'value', optional: false } } }
        : {},
    );
    expect([...keptSteps(more, earlierOf(plan))]).toEqual([]);
  });

  it('are none of those that begin at the end of a run', () => {
    const late = planOfNeeds([[], [0], []], (step) => (step === 2 ? { phase: 'finally' } : {}));
    expect([...keptSteps(late, earlierOf(late), ['s1'])]).toEqual([0]);
  });

  it('are no approvals, nor what stands behind one', () => {
    const asked = planOfNeeds([[], [0], []], (step) => (step === 0 ? { kind: 'approval' } : {}));
    expect([...keptSteps(asked, earlierOf(asked), ['s2'])]).toEqual([]);
  });

  it('cannot be told by steps that are not there', () => {
    expect(() => kept(['s1', 'nowhere'])).toThrow("from[1]: there is no step 'nowhere'");
  });
});
