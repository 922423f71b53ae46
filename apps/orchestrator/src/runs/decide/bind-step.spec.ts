import type { JsonValue } from '@millrace/contracts';
import { planOfNeeds } from '../../testing/plans.js';
import { bindStep } from './bind-step.js';
import { newRun, restore } from './state.js';
import { Unbound } from './unbound.js';

const bound = (param: JsonValue, value: JsonValue, output: JsonValue = null) => {
  const plan = planOfNeeds([[], [0]], () => ({ params: { x: param } }));
  const run = newRun({ run: 'r', plan, params: { given: value }, useCache: true });
  const [first, second] = run.steps;
  if (!first || !second) throw new Error('no steps');
  const done = { ...first, status: 'succeeded' as const, outputs: { value: output } };
  return bindStep(restore({ ...run, steps: [done, second] }), 1).params;
};
const forged = { $secret: 'warehouse' };

describe('secrets', () => {
  it('travel by name', () => {
    expect(bound('${{ secrets.warehouse }}', 1)).toEqual({ x: forged });
  });

  it.each<[string, JsonValue, JsonValue, JsonValue]>([
    ['a parameter', '${{ params.given }}', forged, null],
    ['a parameter, deep inside', '${{ params.given }}', [{ a: forged }], null],
    ['an output', '${{ steps.s0.outputs.value }}', 1, forged],
    ['an expression', '${{ [params.given] }}', forged, null],
    ['an expression that makes it up', '${{ {"$" + "secret": params.given} }}', 'warehouse', null],
  ])('are named by no one else: not by %s', (_, param, value, output) => {
    expect(() => bound(param, value, output)).toThrow(Unbound);
  });

  it('leave values alone that only look similar', () => {
    expect(bound('${{ params.given }}', { secret: '$secret' })).toEqual({ x: { secret: '$secret' } });
  });
});
