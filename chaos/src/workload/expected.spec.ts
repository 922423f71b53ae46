import { expectedOf, isStubborn, type Circumstances } from './expected.js';
import type { Sketch, StepSketch } from './sketch.js';

type Drawn = Omit<StepSketch, 'name' | 'takes' | 'adds'> & Partial<StepSketch>;

const sketchOf = (
  main: { [name: string]: Drawn },
  more: Partial<Pick<Sketch, 'onFailure' | 'finally'>> = {},
): Sketch => ({
  name: 'p',
  main: Object.entries(main).map(([name, step]) => ({ adds: 0, takes: [], ...step, name })),
  onFailure: [],
  finally: [],
  ...more,
});

const sums = (sketch: Sketch, x: number, circumstances?: Circumstances) => {
  const { status, steps } = expectedOf(sketch, x, circumstances);
  return { status, ...Object.fromEntries([...steps].map(([name, step]) => [name, step.n ?? step.status])) };
};

describe('the sums', () => {
  it('add up what steps are given, and skip what waits for a failure', () => {
    const sketch = sketchOf({
      w: { does: 'write', text: 'A' },
      a: { does: 'add', adds: 4 },
      r: { does: 'read', adds: 'x', takes: ['a'], file: 'w' },
      p: { does: 'poison', takes: ['r'] },
      s: { does: 'add', takes: ['a', 'p'] },
    });
    const text = 'A'.charCodeAt(0) + '-'.charCodeAt(0) + '3'.charCodeAt(0);
    expect(sums(sketch, 3)).toEqual({
      ...{ status: 'failed', w: 'succeeded', a: 4, r: text + 4 + 3, p: 'failed', s: 'skipped' },
    });
  });

  it('skip what has a condition that is false, and let the rest go on without its number', () => {
    const sketch = sketchOf({
      a: { does: 'add', adds: 3 },
      odd: { does: 'add', adds: 1, takes: ['a'], when: { kind: 'even', step: 'a' } },
      waits: { does: 'add', takes: ['odd'] },
      goes: { does: 'add', adds: 7, takes: ['odd', 'a'], when: { kind: 'x', atLeast: 2 } },
      asks: { does: 'add', adds: 1, when: { kind: 'ended', step: 'odd', as: 'skipped' } },
      // What was skipped has no number to ask about.
      lacks: { does: 'add', adds: 1, when: { kind: 'even', step: 'odd' } },
    });
    const common = { a: 3, odd: 'skipped', waits: 'skipped', asks: 1, lacks: 'failed' };
    expect(sums(sketch, 2)).toEqual({ status: 'failed', ...common, goes: 10 });
    expect(sums(sketch, 1)).toEqual({ status: 'failed', ...common, goes: 'skipped' });
  });

  it('run after a failure only what asks how that ended, however far before it was', () => {
    const sketch = sketchOf({
      p: { does: 'poison' },
      between: { does: 'add', takes: ['p'] },
      far: { does: 'add', takes: ['between'], when: { kind: 'x', atLeast: 0 } },
      asks: { does: 'add', adds: 1, when: { kind: 'ended', step: 'p', as: 'failed' } },
      asksNot: { does: 'add', adds: 1, when: { kind: 'ended', step: 'p', as: 'failed', not: true } },
    });
    expect(sums(sketch, 1)).toEqual({
      ...{ status: 'failed', p: 'failed', between: 'skipped', far: 'skipped', asks: 1, asksNot: 'skipped' },
    });
  });

  it('do a step for each item', () => {
    const sketch = sketchOf({
      a: { does: 'add', adds: 6 },
      each: { does: 'add', adds: 'item', takes: ['a'], each: { items: [1, 'x', { of: 'a' }] } },
      numbered: { does: 'add', adds: 'index', each: { items: [9, 9] } },
      all: { does: 'add', takes: ['each', 'numbered'] },
      none: { does: 'add', adds: 'item', each: { items: [] } },
      picky: { does: 'picky', adds: 'item', each: { items: [1, 3, 5] } },
    });
    expect(sums(sketch, 4)).toEqual({
      ...{ status: 'failed', a: 6, each: 'succeeded', 'each[0]': 7, 'each[1]': 10, 'each[2]': 12 },
      ...{ numbered: 'succeeded', 'numbered[0]': 0, 'numbered[1]': 1, all: 30, none: 'succeeded' },
      ...{ picky: 'failed', 'picky[0]': 1, 'picky[1]': 'failed', 'picky[2]': 5 },
    });
  });

  it('do a step again until it has enough, or was done too often', () => {
    const sketch = sketchOf({
      a: { does: 'add', adds: 2 },
      grows: { does: 'add', adds: 'index', takes: ['a'], until: { atLeast: 9, max: 4 } },
      takes: { does: 'add', adds: 1, takes: ['grows'] },
      never: { does: 'add', adds: 'x', until: { atLeast: 9, max: 2 } },
    });
    expect(sums(sketch, 1)).toEqual({
      ...{ status: 'failed', a: 2, 'grows#1': 3, 'grows#2': 7, 'grows#3': 12, grows: 12, takes: 13 },
      ...{ 'never#1': 1, 'never#2': 2, never: 'failed' },
    });
  });

  it('count how often a step is tried, and what an approval says', () => {
    const fails = { times: 2, code: 'internal', attempts: 3, backoffMs: 0 } as const;
    const sketch = sketchOf({
      tried: { does: 'flaky', adds: 1, fails },
      listed: { does: 'flaky', adds: 1, fails: { ...fails, on: ['internal'] } },
      unlisted: { does: 'flaky', adds: 1, fails: { ...fails, on: ['overloaded'] } },
      approval: { does: 'approval', approvedFrom: 5 },
      behind: { does: 'add', adds: 1, after: ['approval'] },
    });
    const common = { tried: 1, listed: 1 };
    expect(sums(sketch, 5)).toEqual({
      ...{ status: 'failed', ...common, unlisted: 'failed', approval: 'succeeded', behind: 1 },
    });
    expect(sums(sketch, 4, { resumed: true })).toEqual({
      ...{ status: 'failed', ...common, unlisted: 1, approval: 'failed', behind: 'skipped' },
    });
  });

  it('run the last steps by how it went', () => {
    const fails = { times: 1, code: 'internal', attempts: 1, backoffMs: 0 } as const;
    const sketch = sketchOf(
      { a: { does: 'flaky', adds: 1, fails } },
      {
        onFailure: [{ name: 'tell', does: 'add', adds: 'x', takes: [] }],
        finally: [
          { name: 'clean', does: 'add', adds: 'outcome', takes: [] },
          { name: 'close', does: 'add', adds: 1, takes: ['clean'] },
        ],
      },
    );
    expect(sums(sketch, 8)).toEqual({ status: 'failed', a: 'failed', tell: 8, clean: 2, close: 3 });
    expect(sums(sketch, 8, { resumed: true })).toEqual({
      ...{ status: 'succeeded', a: 1, tell: 'skipped', clean: 1, close: 2 },
    });
    expect(sums(sketch, 8, { cancelled: true })).toMatchObject({ status: 'cancelled', clean: 3, close: 4 });
  });

  it('count what runs of others come to, with what those were given', () => {
    const leaf: Sketch = {
      ...sketchOf({ a: { does: 'add', adds: 'x' }, b: { does: 'add', adds: 1 } }),
      name: 'leaf',
    };
    const picky: Sketch = { ...sketchOf({ a: { does: 'picky', adds: 'x' } }), name: 'picky' };
    const runs = { of: leaf, gives: 'a' };
    const between = sketchOf({
      sub: { does: 'run', adds: 'x', runs },
      c: { does: 'add', adds: 10, takes: ['sub'] },
    });
    const sketch = sketchOf({
      deep: { does: 'run', adds: 4, runs: { of: between, gives: 'sub' } },
      high: { does: 'run', adds: 5, runs: { of: between, gives: 'c' } },
      each: { does: 'run', adds: 'item', runs, each: { items: [3, 'x'] } },
      grows: { does: 'run', adds: 'index', runs, until: { atLeast: 2, max: 4 } },
      never: { does: 'run', adds: 'index', runs, until: { atLeast: 2, max: 1 } },
      sum: { does: 'add', adds: 100, takes: ['deep', 'high', 'each'] },
      picky: { does: 'run', adds: 3, runs: { of: picky, gives: 'a' } },
      waits: { does: 'add', takes: ['picky'] },
    });
    expect(sums(sketch, 8)).toEqual({
      ...{ status: 'failed', deep: 4, high: 15, each: 'succeeded', 'each[0]': 3, 'each[1]': 8 },
      ...{ 'grows#1': 1, 'grows#2': 2, grows: 2, 'never#1': 1, never: 'failed' },
      ...{ sum: 130, picky: 'failed', waits: 'skipped' },
    });
    const given = [...expectedOf(sketch, 8).steps].flatMap(([name, { x }]) =>
      x === undefined ? [] : [[name, x]],
    );
    expect(Object.fromEntries(given)).toEqual({
      ...{ deep: 4, high: 5, 'each[0]': 3, 'each[1]': 8, 'grows#1': 1, 'grows#2': 2, 'never#1': 1, picky: 3 },
    });
  });

  it('open what is stubborn in a run with the run above it', () => {
    const fails = { times: 1, code: 'internal', attempts: 1, backoffMs: 0 } as const;
    const leaf = sketchOf({ a: { does: 'flaky', adds: 'x', fails } });
    const sketch = sketchOf({ sub: { does: 'run', adds: 6, runs: { of: leaf, gives: 'a' } } });
    expect(sketch.main.some(isStubborn)).toBe(true);
    expect(sums(sketch, 1)).toEqual({ status: 'failed', sub: 'failed' });
    expect(sums(sketch, 1, { resumed: true })).toEqual({ status: 'succeeded', sub: 6 });
  });

  it('refuse what is spoiled below, and do without a run that was cancelled', () => {
    const leaf = sketchOf({ w: { does: 'write', text: 'A' }, r: { does: 'read', file: 'w' } });
    const runs = { of: leaf, gives: 'r' };
    const sketch = sketchOf({ one: { does: 'run', runs }, two: { does: 'run', runs } });
    const { n } = expectedOf(sketch, 1).steps.get('one') ?? {};
    expect(n).toBeGreaterThan(0);
    expect(sums(sketch, 1, { cutOff: new Set(['one']) })).toEqual({
      status: 'failed',
      one: 'failed',
      two: n,
    });
    expect(sums(sketch, 1, { refused: new Set(['two/r']) })).toEqual({
      status: 'failed',
      one: n,
      two: 'failed',
    });
  });

  it('refuse what is spoiled', () => {
    const sketch = sketchOf({
      w: { does: 'write', text: 'A' },
      r: { does: 'read', file: 'w' },
      s: { does: 'add', takes: ['r'] },
    });
    expect(sums(sketch, 1, { refused: new Set(['r']) })).toEqual({
      ...{ status: 'failed', w: 'succeeded', r: 'failed', s: 'skipped' },
    });
  });
});
