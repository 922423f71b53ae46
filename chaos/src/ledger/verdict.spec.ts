import type { PipelineDefinition } from '@millrace/contracts';
import type { Effect, Entry } from './ledger.js';
import type { RunRecord } from './rows.js';
import { faultKinds, type FaultKind } from './findings.js';
import { judge, type Evidence } from './verdict.js';

const pipeline: PipelineDefinition = {
  name: 'p',
  steps: {
    a: { component: 'chaos.add', params: { value: 2 } },
    b: { component: 'chaos.add', params: { value: '${{ params.x }}' }, inputs: { a: 'a.value' } },
    c: { component: 'chaos.poison' },
    d: { component: 'chaos.add', inputs: { a: 'c.value' } },
  },
};

const effect = (step: string, n: number, given: string[], more: Partial<Effect> = {}): Effect => ({
  ...{ run: 'r', step, attempt: 1, token: 1, execution: `${step}-1`, n, given, at: 0, pid: 1 },
  ...more,
});

const entries: Entry[] = [
  { type: 'intended', key: 'k', pipeline: 'p', x: 3 },
  { type: 'acknowledged', key: 'k', run: 'r' },
];
const step = (name: string, n: number, execution = `${name}-1`) => ({
  ...{ step: name, status: 'succeeded' as const, token: 1, attempt: 1 },
  outputs: { value: { n, execution } },
});
const none = { token: 0, attempt: 0, outputs: null };
const run: RunRecord = {
  run: 'r',
  key: 'k',
  pipeline: 'p',
  status: 'failed',
  steps: [
    step('a', 2),
    step('b', 5),
    { ...none, step: 'c', status: 'failed' },
    { ...none, step: 'd', status: 'skipped' },
  ],
};
const effects = [effect('a', 2, []), effect('b', 5, ['a-1'])];
const right: Evidence = { entries, effects, runs: [run], pipelines: [pipeline] };
const withStep = (name: string, change: object): RunRecord[] => [
  { ...run, steps: run.steps.map((one) => (one.step === name ? { ...one, ...change } : one)) },
];
const found = (evidence: Evidence): FaultKind[] => {
  const { findings } = judge(evidence);
  return faultKinds.filter((kind) => findings[kind].length > 0);
};

describe('the ledger', () => {
  it('has nothing to say of what is right', () => {
    expect(found(right)).toEqual([]);
    expect(judge(right).counts).toMatchObject({
      intended: 1,
      acknowledged: 1,
      finished: 1,
      executions: 2,
      repeated: 0,
    });
  });

  it('lets a step be done twice when one of them is believed by all', () => {
    const again = effect('a', 2, [], { execution: 'a-2', token: 2 });
    expect(found({ ...right, effects: [...effects, again] })).toEqual([]);
  });

  const cases: [FaultKind, string, Evidence][] = [
    ['lost', 'an acknowledged run that is gone', { ...right, runs: [], effects: [] }],
    ['lost', 'an acknowledged run without an end', { ...right, runs: [{ ...run, status: 'running' }] }],
    ['phantom', 'a run that nobody intended', { ...right, runs: [run, { ...run, run: 'r2', key: 'k2' }] }],
    ['phantom', 'a second run of one intent', { ...right, runs: [run, { ...run, run: 'r2' }] }],
    [
      'phantom',
      'an effect of no run',
      { ...right, effects: [...effects, effect('a', 2, [], { run: 'r9' })] },
    ],
    ['phantom', 'a result that nobody had', { ...right, effects: [effect('b', 5, ['a-1'])] }],
    ['phantom', 'an effect of a skipped step', { ...right, effects: [...effects, effect('d', 2, [])] }],
    ['wrong', 'another number', { ...right, runs: withStep('b', step('b', 6)) }],
    ['wrong', 'another end of a step', { ...right, runs: withStep('d', step('d', 0)) }],
    ['wrong', 'a cancelled run that nobody cancelled', { ...right, runs: [{ ...run, status: 'cancelled' }] }],
    [
      'duplicate',
      'two effects that differ',
      { ...right, effects: [...effects, effect('a', 7, [], { token: 2 })] },
    ],
    [
      'duplicate',
      'two executions that were both believed',
      {
        ...right,
        runs: withStep('a', step('a', 2, 'a-2')),
        effects: [...effects, effect('a', 2, [], { execution: 'a-2' })],
      },
    ],
    ['stale', 'a result of another token', { ...right, runs: withStep('a', { token: 2 }) }],
    [
      'stale',
      'a result from behind the fence',
      { ...right, effects: [effect('a', 2, [], { token: 2, execution: 'a-2' }), ...effects] },
    ],
  ];
  it.each(cases)('finds %s: %s', (kind, _, evidence) => {
    expect(found(evidence)).toContain(kind);
  });
});
