import type { Sketch } from '../workload/sketch.js';
import type { Effect, Entry } from './ledger.js';
import type { RunRecord, StepRecord } from './rows.js';
import { faultKinds, type FaultKind } from './findings.js';
import { judge, type Evidence } from './verdict.js';

const sketch: Sketch = {
  name: 'p',
  main: [
    { name: 'a', does: 'add', adds: 2, takes: [] },
    { name: 'b', does: 'add', adds: 'x', takes: ['a'] },
    { name: 'c', does: 'poison', adds: 0, takes: [] },
    { name: 'd', does: 'add', adds: 0, takes: ['c'] },
    { name: 'e', does: 'add', adds: 'item', takes: [], each: { items: [4, 5], atOnce: 1 } },
    { name: 'u', does: 'add', adds: 'index', takes: [], until: { atLeast: 3, max: 3 } },
  ],
  onFailure: [],
  finally: [{ name: 'f', does: 'add', adds: 'outcome', takes: [] }],
};
const ticking: Sketch = {
  ...{ name: 'ticking', onFailure: [], finally: [], schedule: { everySeconds: 5, x: 7 } },
  main: [{ name: 't', does: 'add', adds: 'x', takes: [] }],
};
const hearing: Sketch = {
  ...{ name: 'hearing', onFailure: [], finally: [], trigger: { subject: 's', unlessDivisibleBy: 5 } },
  main: [{ name: 'h', does: 'add', adds: 'x', takes: [] }],
};

const effect = (step: string, n: number, given: string[] = [], more: Partial<Effect> = {}): Effect => ({
  ...{ run: 'r', step, attempt: 1, token: 1, execution: `${step}-1`, n, given, since: 0, at: 0, pid: 1 },
  ...more,
});

const entries: Entry[] = [
  { type: 'intended', key: 'k', pipeline: 'p', x: 3 },
  { type: 'acknowledged', key: 'k', run: 'r' },
  { type: 'seen', run: 'r', status: 'failed' },
];
const given = (n: number, execution: string) => ({ n, execution });
const step = (name: string, n: number, execution = `${name}-1`): StepRecord => ({
  ...{ step: name, status: 'succeeded', token: 1, attempt: 1 },
  outputs: { value: given(n, execution) },
});
const none = { token: 0, attempt: 0, outputs: null };
const steps: StepRecord[] = [
  step('a', 2),
  step('b', 5),
  { ...none, step: 'c', status: 'failed' },
  { ...none, step: 'd', status: 'skipped' },
  { ...step('e', 0), outputs: { value: [given(4, 'e[0]-1'), given(5, 'e[1]-1')] } },
  ...[step('e[0]', 4), step('e[1]', 5)],
  step('u', 3, 'u#2-1'),
  ...[step('u#1', 1), step('u#2', 3)],
  step('f', 2),
];
const run: RunRecord = { run: 'r', key: 'k', pipeline: 'p', status: 'failed', params: { x: 3 }, steps };
const effects = [
  ...[effect('a', 2), effect('b', 5, ['a-1']), effect('f', 2)],
  ...[effect('e[0]', 4, [], { since: 0, at: 10 }), effect('e[1]', 5, [], { since: 10, at: 20 })],
  ...[effect('u#1', 1), effect('u#2', 3, ['u#1-1'])],
];
const right: Evidence = {
  entries,
  effects,
  runs: [run],
  sketches: [sketch, ticking, hearing],
  clocksMovedMs: 0,
};
const withStep = (name: string, change: object, status = run.status): RunRecord[] => [
  { ...run, status, steps: steps.map((one) => (one.step === name ? { ...one, ...change } : one)) },
];
const withEffect = (changed: Effect): Effect[] =>
  effects.map((one) => (one.step === changed.step ? changed : one));
const found = (evidence: Evidence): FaultKind[] => {
  const { findings } = judge(evidence);
  return faultKinds.filter((kind) => findings[kind].length > 0);
};

const tick = (seconds: number): { runs: RunRecord[]; effects: Effect[] } => ({
  runs: [
    {
      ...{
        run: `t${seconds}`,
        pipeline: 'ticking',
        status: 'succeeded',
        params: { x: 7 },
        steps: [step('t', 7)],
      },
      key: `schedule/ticking/${new Date(seconds * 1_000).toISOString()}`,
    },
  ],
  effects: [effect('t', 7, [], { run: `t${seconds}` })],
});
const message = (number: number, id = `h${number}`): { runs: RunRecord[]; effects: Effect[] } => ({
  runs: [
    {
      ...{ run: id, key: `trigger/x/${id}`, pipeline: 'hearing', status: 'succeeded' },
      ...{ params: { x: number }, steps: [step('h', number)] },
    },
  ],
  effects: [effect('h', number, [], { run: id })],
});
const ticked: Entry = { type: 'ticking', pipeline: 'ticking', from: 100_000, to: 111_000 };
const heard = (number: number): Entry[] => [
  { type: 'sent', number },
  { type: 'stored', number },
];
const also = (more: Entry[], ...parts: { runs: RunRecord[]; effects: Effect[] }[]): Evidence => ({
  ...right,
  entries: [...entries, ...more],
  runs: [run, ...parts.flatMap(({ runs }) => runs)],
  effects: [...effects, ...parts.flatMap((part) => part.effects)],
});

describe('the ledger', () => {
  it('has nothing to say of what is right', () => {
    expect(judge(right).findings).toMatchObject(Object.fromEntries(faultKinds.map((kind) => [kind, []])));
    expect(judge(right).counts).toMatchObject({
      ...{ intended: 1, acknowledged: 1, finished: 1, executions: 7, repeated: 0 },
    });
  });

  it('lets a step be done twice when one of them is believed by all', () => {
    const again = effect('a', 2, [], { execution: 'a-2', token: 2 });
    expect(found({ ...right, effects: [...effects, again] })).toEqual([]);
  });

  it('knows one run for each tick and each message that asks for one', () => {
    const both = also([ticked, ...heard(4), ...heard(5)], tick(100), tick(105), tick(110), message(4));
    expect(found(both)).toEqual([]);
    expect(judge(both).counts).toMatchObject({ ticks: 3, messages: 1, finished: 5 });
    expect(found(also([ticked], tick(100), tick(110)))).toEqual(['lost']);
    expect(found(also([ticked], tick(100), tick(105), tick(110), tick(107)))).toEqual(['phantom']);
    expect(found(also([ticked], tick(100), tick(105), tick(110), tick(10_000)))).toEqual(['phantom']);
    expect(found(also(heard(4)))).toEqual(['lost']);
    expect(found(also(heard(4), message(4), message(4, 'again')))).toEqual(['phantom']);
    expect(found(also(heard(5), message(5)))).toEqual(['phantom']);
    expect(found(also([], message(4)))).toEqual(['phantom']);
  });

  it('lets a run be cancelled that somebody cancelled, but for its last steps', () => {
    const [acked, ...rest] = [
      { type: 'asked', run: 'r', what: 'cancel' },
      { type: 'answered', run: 'r', what: 'cancel' },
    ] as const;
    const cancelled = withStep('b', { status: 'cancelled', outputs: null }, 'cancelled');
    const cleaned = cancelled.map((one) => ({
      ...one,
      steps: one.steps.map((own) => (own.step === 'f' ? step('f', 3) : own)),
    }));
    const asked: Entry[] = [...entries.slice(0, 2), acked, ...rest];
    const without = effects.filter(({ step: name }) => name !== 'b' && name !== 'f');
    const after = [...without, effect('f', 3)];
    expect(found({ ...right, entries: asked, runs: cleaned, effects: after })).toEqual([]);
    const uncleaned = cleaned.map((one) => ({
      ...one,
      steps: one.steps.map((own) =>
        own.step === 'f' ? { ...own, ...none, status: 'skipped' as const } : own,
      ),
    }));
    expect(found({ ...right, entries: asked, runs: uncleaned, effects: without })).toEqual(['wrong']);
    const resuming: Entry[] = [...asked, { type: 'asked', run: 'r', what: 'resume' }];
    const afterwards = (type: 'answered' | 'refused') => ({
      ...{ ...right, runs: cleaned, effects: after },
      entries: [...resuming, { type, run: 'r', what: 'resume' } as const],
    });
    expect(found(afterwards('answered'))).toEqual(['wrong']);
    expect(found(afterwards('refused'))).toEqual([]);
  });

  const cases: [FaultKind, string, Evidence][] = [
    ['lost', 'an acknowledged run that is gone', { ...right, runs: [], effects: [] }],
    ['lost', 'an acknowledged run without an end', { ...right, runs: [{ ...run, status: 'running' }] }],
    [
      'lost',
      'a run that was there before',
      { ...right, entries: [...entries, { type: 'inherited', run: 'old', pipeline: 'p', x: 1 }] },
    ],
    ['phantom', 'a run that nobody intended', { ...right, runs: [run, { ...run, run: 'r2', key: 'k2' }] }],
    ['phantom', 'a second run of one intent', { ...right, runs: [run, { ...run, run: 'r2' }] }],
    [
      'phantom',
      'an effect of no run',
      { ...right, effects: [...effects, effect('a', 2, [], { run: 'r9' })] },
    ],
    ['phantom', 'an effect of no step', { ...right, effects: [...effects, effect('e[2]', 2)] }],
    ['phantom', 'a result that nobody had', { ...right, effects: effects.filter((one) => one.step !== 'a') }],
    ['phantom', 'an effect of a skipped step', { ...right, effects: [...effects, effect('d', 2, [])] }],
    [
      'phantom',
      'a list that is not what its items gave',
      { ...right, runs: withStep('e', { outputs: { value: [given(5, 'e[1]-1'), given(4, 'e[0]-1')] } }) },
    ],
    ['wrong', 'another number', { ...right, runs: withStep('b', step('b', 6)) }],
    ['wrong', 'no number', { ...right, runs: withStep('b', { outputs: {} }) }],
    ['wrong', 'a list that is too short', { ...right, runs: withStep('e', { outputs: { value: [] } }) }],
    ['wrong', 'another end of a step', { ...right, runs: withStep('d', step('d', 0)) }],
    [
      'wrong',
      'a step that is not there',
      { ...right, runs: [{ ...run, steps: steps.filter((one) => one.step !== 'd') }] },
    ],
    ['wrong', 'a cancelled run that nobody cancelled', { ...right, runs: [{ ...run, status: 'cancelled' }] }],
    [
      'wrong',
      'another end than somebody was told of',
      { ...right, entries: [...entries, { type: 'seen', run: 'r', status: 'succeeded' }] },
    ],
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
    [
      'duplicate',
      'an iteration that was given another than the one before it',
      { ...right, effects: withEffect(effect('u#2', 3, ['u#1-2'])) },
    ],
    ['stale', 'a result of another token', { ...right, runs: withStep('a', { token: 2 }) }],
    [
      'stale',
      'a result from behind the fence',
      { ...right, effects: [effect('a', 2, [], { token: 2, execution: 'a-2' }), ...effects] },
    ],
    [
      'crowded',
      'more items at once than may be',
      { ...right, effects: withEffect(effect('e[1]', 5, [], { since: 9, at: 20 })) },
    ],
  ];
  it.each(cases)('finds %s: %s', (kind, _, evidence) => {
    expect(found(evidence)).toContain(kind);
  });

  it('believes a refusal only of what was spoiled', () => {
    const reading: Sketch = {
      ...{ name: 'p', onFailure: [], finally: [] },
      main: [
        { name: 'w', does: 'write', adds: 0, takes: [], text: 'A' },
        { name: 'r', does: 'read', adds: 0, takes: [], file: 'w' },
      ],
    };
    const refused: RunRecord = {
      ...run,
      steps: [
        { ...none, step: 'w', status: 'cached', outputs: { file: { digest: 'sha256:1' } } },
        { ...none, step: 'r', status: 'failed', error: { code: 'integrity' } },
      ],
    };
    const evidence = { ...right, runs: [refused], effects: [], sketches: [reading] };
    const spoiled: Entry = { type: 'spoiled', digest: 'sha256:1' };
    expect(found(evidence)).toEqual(['wrong']);
    expect(found({ ...evidence, entries: [...entries, spoiled] })).toEqual([]);
    expect(judge({ ...evidence, entries: [...entries, spoiled] }).counts.refused).toBe(1);
  });

  it('finds more runs at once than their pipeline allows', () => {
    const narrow: Sketch = { ...hearing, concurrency: 1 };
    const [first, second] = [message(1), message(2)];
    const spanned = (part: typeof first, since: number, at: number) => ({
      ...part,
      effects: part.effects.map((one) => ({ ...one, since, at })),
    });
    const at = (since: number): Evidence => ({
      ...also([...heard(1), ...heard(2)], spanned(first, 0, 10), spanned(second, since, 20)),
      sketches: [sketch, narrow],
    });
    expect(found(at(10))).toEqual([]);
    expect(found(at(9))).toEqual(['crowded']);
  });
});
