import type { Plan, PlannedStep } from '../definition/plan.js';

/** A plan from who needs whom, by position: `[[], [0]]` is a chain of two. Steps are `s0`, `s1`, … */
export const planOfNeeds = (
  needs: readonly (readonly number[])[],
  more: (step: number) => Partial<PlannedStep> = () => ({}),
): Plan => ({
  pipeline: 'test',
  steps: needs.map((list, index) => ({
    name: `s${index}`,
    component: 'test.any',
    version: '1.0.0',
    cache: 'not-deterministic',
    timeoutMs: 1_000,
    params: {},
    inputs: list.map((from) => ({
      port: `from${from}`,
      type: 'value',
      optional: false,
      sources: [{ from, output: 'value' }],
    })),
    outputs: { value: { type: 'value', optional: false } },
    needs: list,
    dependents: needs.flatMap((other, position) => (other.includes(index) ? [position] : [])),
    ...more(index),
  })),
});
