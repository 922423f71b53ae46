import type { Sketch } from '../workload/sketch.js';
import { faultKinds, type FaultKind } from './findings.js';
import type { Effect, Entry } from './ledger.js';
import type { RunRecord, StepRecord } from './rows.js';
import { judge, type Evidence } from './verdict.js';

const leaf: Sketch = {
  ...{ name: 'leaf', onFailure: [] },
  main: [{ name: 'a', does: 'narrow', adds: 'x', takes: [] }],
  finally: [{ name: 'z', does: 'add', adds: 'outcome', takes: [] }],
};
const runs = { of: leaf, gives: 'a' };
const above: Sketch = {
  ...{ name: 'above', onFailure: [] },
  main: [
    { name: 'sub', does: 'run', adds: 'x', takes: [], runs },
    { name: 'sum', does: 'add', adds: 1, takes: ['sub'] },
    { name: 'parts', does: 'run', adds: 'item', takes: [], runs, each: { items: [7, 8], atOnce: 1 } },
  ],
  finally: [{ name: 'end', does: 'run', adds: 'outcome', takes: [], runs }],
};

const step = (name: string, n: number, more: Partial<StepRecord> = {}): StepRecord => ({
  ...{ step: name, status: 'succeeded', token: 1, attempt: 1 },
  outputs: { value: { n, execution: `r-${name}` } },
  ...more,
});
/** Done by another run, whose step `a` has the number. */
const raised = (name: string, n: number, child: string, more: Partial<StepRecord> = {}): StepRecord => ({
  ...{ step: name, status: 'succeeded', token: 0, attempt: 1, child },
  outputs: { a__value: { n, execution: `${child}-a` } },
  ...more,
});
const below = (run: string, parentStep: string, x: number, more: Partial<RunRecord> = {}): RunRecord => ({
  ...{ run, key: null, pipeline: 'leaf', status: 'succeeded', params: { x } },
  parent: { run: 'r', step: parentStep, attempt: 1 },
  steps: ['a', 'z'].map((name) => ({
    ...step(name, name === 'a' ? x : 1),
    outputs: { value: { n: name === 'a' ? x : 1, execution: `${run}-${name}` } },
  })),
  ...more,
});
const effect = (run: string, name: string, n: number, at: number, more: Partial<Effect> = {}): Effect => ({
  ...{
    run,
    step: name,
    attempt: 1,
    token: 1,
    execution: `${run}-${name}`,
    n,
    given: [],
    since: at,
    at: at + 10,
  },
  ...{ pid: 1, ...more },
});

const top: RunRecord = {
  ...{ run: 'r', key: 'k', pipeline: 'above', status: 'succeeded', params: { x: 3 } },
  steps: [
    raised('sub', 3, 'c'),
    step('sum', 4),
    {
      ...step('parts', 0, { token: 0, attempt: 0 }),
      outputs: { a__value: [7, 8].map((n, i) => ({ n, execution: `d${i}-a` })) },
    },
    ...[raised('parts[0]', 7, 'd0'), raised('parts[1]', 8, 'd1')],
    raised('end', 1, 'e'),
  ],
};
const children = [
  below('c', 'sub', 3),
  below('d0', 'parts[0]', 7),
  below('d1', 'parts[1]', 8),
  below('e', 'end', 1),
];
const effects = [
  effect('r', 'sum', 4, 10, { given: ['c-a'] }),
  ...children.flatMap(({ run, params }, i) => [
    effect(run, 'a', Number(params['x']), i * 20),
    effect(run, 'z', 1, i * 20 + 10),
  ]),
];
const entries: Entry[] = [
  { type: 'intended', key: 'k', pipeline: 'above', x: 3 },
  { type: 'acknowledged', key: 'k', run: 'r' },
];
const right: Evidence = {
  entries,
  effects,
  runs: [top, ...children],
  sketches: [leaf, above],
  clocksMovedMs: 0,
};

const withTop = (name: string, change: Partial<StepRecord>): RunRecord[] => [
  { ...top, steps: top.steps.map((one) => (one.step === name ? { ...one, ...change } : one)) },
  ...children,
];
const withChild = (run: string, change: Partial<RunRecord>): RunRecord[] =>
  right.runs.map((one) => (one.run === run ? { ...one, ...change } : one));
const without = (run: string): Evidence => ({
  ...right,
  runs: right.runs.filter((one) => one.run !== run),
  effects: effects.filter((one) => one.run !== run),
});
const found = (evidence: Evidence): FaultKind[] => {
  const { findings } = judge(evidence);
  return faultKinds.filter((kind) => findings[kind].length > 0);
};

const asked = (...what: ('cancel' | 'resume')[]): Entry[] =>
  what.flatMap((one) => [
    { type: 'asked', run: 'r', what: one },
    { type: 'answered', run: 'r', what: one },
  ]);
const nothing = { token: 0, attempt: 0, outputs: null };
/** Cancelled while `sub` was under way. */
const cancelled: RunRecord[] = [
  {
    ...top,
    status: 'cancelled',
    steps: [
      { ...raised('sub', 3, 'c'), status: 'cancelled', outputs: null },
      ...['sum', 'parts'].map((name) => ({ ...step(name, 0), ...nothing, status: 'cancelled' as const })),
      raised('end', 3, 'e'),
    ],
  },
  below('c', 'sub', 3, {
    status: 'cancelled',
    steps: [
      { ...step('a', 0), outputs: null, status: 'cancelled' },
      step('z', 3, { outputs: { value: { n: 3, execution: 'c-z' } } }),
    ],
  }),
  below('e', 'end', 3),
];
const afterCancel = [effect('c', 'z', 3, 5), effect('e', 'a', 3, 20), effect('e', 'z', 1, 30)];
const ofCancelled: Evidence = {
  ...{ ...right, runs: cancelled, effects: afterCancel },
  entries: [...entries, ...asked('cancel')],
};

describe('the ledger of runs that others began', () => {
  it('has nothing to say of what is right', () => {
    expect(judge(right).findings).toMatchObject(Object.fromEntries(faultKinds.map((kind) => [kind, []])));
    expect(judge(right).counts).toMatchObject({ children: 4, finished: 5, executions: 9, repeated: 0 });
  });

  it('knows one run for each attempt', () => {
    const again = withTop('sub', {
      attempt: 2,
      child: 'c2',
      outputs: { a__value: { n: 3, execution: 'c2-a' } },
    });
    const second = below('c2', 'sub', 3, { parent: { run: 'r', step: 'sub', attempt: 2 } });
    const more = [
      ...effects.map((one) => (one.step === 'sum' ? { ...one, given: ['c2-a'] } : one)),
      ...[effect('c2', 'a', 3, 200), effect('c2', 'z', 1, 210)],
    ];
    expect(found({ ...right, runs: [...again, second], effects: more })).toEqual([]);
    const first = again.filter(({ run }) => run !== 'c');
    const stray = more.filter(({ run }) => run !== 'c');
    expect(found({ ...right, runs: [...first, second], effects: stray })).toEqual(['lost']);
  });

  it('lets what is below a cancelled run be cancelled, but for its last steps', () => {
    expect(found(ofCancelled)).toEqual([]);
    expect(found({ ...ofCancelled, entries })).toContain('wrong');
    const [own, child, end] = cancelled as [RunRecord, RunRecord, RunRecord];
    const uncleaned = {
      ...child,
      steps: [child.steps[0]!, { ...step('z', 0), ...nothing, status: 'skipped' as const }],
    };
    const unheard = afterCancel.filter(({ run }) => run !== 'c');
    expect(found({ ...ofCancelled, runs: [own, uncleaned, end], effects: unheard })).toEqual(['wrong']);
  });

  it('lets a step fail whose run somebody cancelled, and nobody else', () => {
    const [, child] = cancelled as [RunRecord, RunRecord];
    const failed = (name: string, more: Partial<StepRecord> = {}): StepRecord => ({
      ...{ ...step(name, 0), outputs: null, status: 'failed' as const, ...more },
    });
    const cutOff: RunRecord[] = [
      {
        ...top,
        status: 'failed',
        steps: [
          failed('sub', { token: 0, child: 'c' }),
          { ...step('sum', 0), ...nothing, status: 'skipped' },
          ...top.steps.slice(2, 5),
          raised('end', 2, 'e'),
        ],
      },
      child,
      ...children.slice(1, 3),
      below('e', 'end', 2),
    ];
    const done = [
      ...effects.filter(({ run }) => run.startsWith('d')),
      ...[effect('c', 'z', 3, 5), effect('e', 'a', 2, 100), effect('e', 'z', 1, 110)],
    ];
    const evidence = { ...right, runs: cutOff, effects: done };
    const byItself = asked('cancel').map((entry) => ({ ...entry, run: 'c' }) as Entry);
    expect(found({ ...evidence, entries: [...entries, ...byItself] })).toEqual([]);
    expect(found(evidence)).toEqual(['wrong']);
  });

  it('finds a run that goes on below a cancelled one', () => {
    const [own, child, end] = cancelled as [RunRecord, RunRecord, RunRecord];
    const runs = [own, { ...child, status: 'running' as const }, end];
    expect(found({ ...ofCancelled, runs })).toContain('lost');
  });

  it('lets what runs at the end begin anew when a run was opened again', () => {
    const reopened: RunRecord[] = [
      ...withTop('end', { attempt: 2, child: 'e2', outputs: { a__value: { n: 1, execution: 'e2-a' } } }),
      below('e2', 'end', 1, { parent: { run: 'r', step: 'end', attempt: 2 } }),
    ].map((one) => (one.run === 'e' ? below('e', 'end', 3) : one));
    const more = [
      ...effects.map((one) => (one.execution === 'e-a' ? { ...one, n: 3 } : one)),
      ...[effect('e2', 'a', 1, 200), effect('e2', 'z', 1, 210)],
    ];
    const evidence = { ...right, runs: reopened, effects: more };
    expect(found({ ...evidence, entries: [...entries, ...asked('cancel', 'resume')] })).toEqual([]);
    expect(found(evidence)).toEqual(['wrong']);
  });

  const second = below('c2', 'sub', 3);
  const cases: [FaultKind, string, Evidence][] = [
    ['lost', 'a run that its step has and nobody knows', without('c')],
    ['lost', 'a run without an end', { ...right, runs: withChild('c', { status: 'running' }) }],
    ['phantom', 'a second run for an attempt', { ...right, runs: [...right.runs, second] }],
    [
      'phantom',
      'a run for an attempt that was not made',
      { ...right, runs: [...right.runs, { ...second, parent: { run: 'r', step: 'sub', attempt: 2 } }] },
    ],
    ['phantom', 'a run for a step that runs none', { ...right, runs: [...right.runs, below('x', 'sum', 3)] }],
    ['phantom', 'a run for all items', { ...right, runs: [...right.runs, below('x', 'parts', 3)] }],
    [
      'phantom',
      'a run of no run',
      { ...right, runs: [...right.runs, { ...second, parent: { run: 'x', step: 'sub', attempt: 1 } }] },
    ],
    ['phantom', 'a run of another pipeline', { ...right, runs: withChild('c', { pipeline: 'above' }) }],
    [
      'phantom',
      'a result that its run does not have',
      { ...right, runs: withTop('sub', { outputs: { a__value: { n: 3, execution: 'd0-a' } } }) },
    ],
    ['wrong', 'another number given', { ...right, runs: withChild('c', { params: { x: 4 } }) }],
    [
      'wrong',
      'another number of a run',
      { ...right, runs: withChild('c', { steps: below('c', 'sub', 4).steps }) },
    ],
    ['wrong', 'another number of a step', { ...right, runs: withTop('sub', raised('sub', 4, 'c')) }],
    [
      'wrong',
      'a step that failed with a run that did not',
      { ...right, runs: withTop('sub', { status: 'failed' }) },
    ],
    ['wrong', 'a step by none of its runs', { ...right, runs: withTop('sub', { child: null }) }],
    [
      'duplicate',
      'effects of a run that differ',
      { ...right, effects: [...effects, effect('c', 'a', 5, 0, { token: 2 })] },
    ],
    [
      'crowded',
      'more runs of one step at once than may be',
      { ...right, effects: effects.map((one) => (one.run === 'd1' ? { ...one, since: 35 } : one)) },
    ],
  ];
  it.each(cases)('finds %s: %s', (kind, _, evidence) => {
    expect(found(evidence)).toContain(kind);
  });

  it('finds more tasks of a component than may be out, from their first take-up on', () => {
    const at = (run: string, since: number) => (one: Effect) =>
      one.run === run && one.step === 'a' ? { ...one, since } : one;
    const wide: Sketch = {
      ...above,
      main: above.main.map(({ each, ...one }) => (each ? { ...one, each: { items: each.items } } : one)),
    };
    const evidence = (changed: Effect[]): Evidence => ({
      ...right,
      effects: changed,
      sketches: [leaf, wide],
    });
    // `c` is out until 10, `d0` from 20, `d1` from 40 on.
    expect(found(evidence(effects.map(at('d0', 5))))).toEqual([]);
    expect(found(evidence(effects.map(at('d0', 5)).map(at('d1', 6))))).toEqual(['crowded']);
    // Taken up twice: the first time counts. Under an older token, it does not.
    const early = (token: number): Effect[] => [
      effect('d1', 'a', 8, 6, { token, execution: 'd1-early' }),
      ...effects.map(at('d0', 5)),
    ];
    expect(found(evidence(early(1)))).toEqual(['crowded']);
    expect(found(evidence(early(0)))).toEqual([]);
  });
});
