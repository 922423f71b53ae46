import type { ArtifactRef, PortValue } from '@millrace/contracts';
import type { PlannedInput, PlannedSource } from '../../definition/plan.js';
import { issued, play } from '../../testing/play.js';

const ref = (of: string, type: ArtifactRef['type'] = 'dataset'): ArtifactRef => ({
  type,
  digest: `sha256:${of.repeat(64)}`,
  size: 1,
});
const [a, b, c] = [ref('a'), ref('b'), ref('c')];
const each = (items: unknown, more: object = {}) => ({
  foreach: { items: items as never, as: 'part', concurrency: 100, ...more },
});
const input = (source: PlannedSource | PlannedSource[], more: Partial<PlannedInput> = {}): PlannedInput => ({
  port: 'in',
  type: 'dataset',
  optional: false,
  sources: [source].flat(),
  ...more,
});
const list = '${{ steps.s0.outputs.value }}';

/** A step that gives `value`, and one behind it. Returns what the tasks of the second are given, or why it failed. */
const given = (value: unknown, inputs: PlannedInput[], more: object = {}): unknown => {
  const run = play([[], [0]], (step) => (step === 1 ? { inputs, ...more } : {}));
  run.begin();
  const tasks = issued(run.complete(0, 1, value));
  return tasks.length > 0 ? tasks.map((task) => task.inputs['in']) : run.state.error?.message;
};

describe('what an instance is given', () => {
  it('is its item', () => {
    expect(given([a, b], [input({ item: {} })], each(list))).toEqual([a, b]);
  });

  it('is a field of its item', () => {
    const items = [{ of: a }, { of: b }];
    expect(given(items, [input({ item: { field: 'of' } })], each(list))).toEqual([a, b]);
    const written = [{ of: list }];
    expect(given(c, [input({ item: { field: 'of' } })], each(written))).toEqual([c]);
  });

  it('is what stands at its index of another list', () => {
    const source = { from: 0, output: 'value', at: 'index' } as const;
    expect(given([a, b], [input(source)], each(['x', 'y']))).toEqual([a, b]);
    expect(given([a], [input(source)], each(['x', 'y']))).toEqual([a]);
  });

  it('is one of a list, by number, without items', () => {
    expect(given([a, b], [input({ from: 0, output: 'value', at: 1 })])).toEqual([b]);
  });

  it('is any value where any will do', () => {
    const port = input({ item: {} }, { type: 'value' });
    expect(given([1, null, { x: [] }], [port], each(list))).toEqual([1, null, { x: [] }]);
  });

  it.each<[what: string, value: unknown, source: PlannedSource, items: unknown, message: string]>([
    ['another type', [ref('a', 'model')], { item: {} }, list, "item 0 gave no dataset for input 'in'"],
    ['no artifact', ['a'], { item: {} }, list, "item 0 gave no dataset for input 'in'"],
    ['nothing', [null], { item: {} }, list, "item 0 gave nothing for input 'in'"],
    ['no such field', [{}], { item: { field: 'of' } }, list, "item 0, as 'of', gave nothing for input 'in'"],
    ['a field of no object', [5], { item: { field: 'of' } }, list, 'gave nothing'],
    ["JavaScript's own", [{}], { item: { field: 'constructor' } }, list, 'gave nothing'],
    [
      'too short a list',
      [],
      { from: 0, output: 'value', at: 'index' },
      [1],
      "'s0.value' has 0 items, and none at [0]",
    ],
    ['no list', 5, { from: 0, output: 'value', at: 'index' }, [1], "'s0.value' is no list"],
  ])('fails with %s', (_, value, source, items, message) => {
    expect(given(value, [input(source)], each(items))).toContain(message);
  });

  it('is nothing where nothing is needed', () => {
    const optional = input({ item: {} }, { optional: true });
    expect(given([a, null], [optional], each(list))).toEqual([a, undefined]);
  });
});

describe('what a port that takes many is given', () => {
  const many = (source: PlannedSource | PlannedSource[], more: Partial<PlannedInput> = {}) =>
    input(source, { many: true, ...more });
  const own = { from: 0, output: 'value' };

  it('is a list as a whole, in order', () => {
    expect(given([b, a], [many(own)])).toEqual([[b, a]]);
    expect(given([], [many(own)])).toEqual([[]]);
  });

  it('is several lists and single ones, one after the other', () => {
    expect(given([a, b], [many([own, { ...own, at: 0 }])])).toEqual([[a, b, a]]);
    expect(given(c, [many([own])])).toEqual([[c]]);
  });

  it('leaves out what was not given', () => {
    expect(given([a, null, b], [many(own)])).toEqual([[a, b]]);
    expect(given([a], [many([own, { from: 0, output: 'none' }])])).toEqual([[a]]);
    expect(given([null], [many(own, { optional: true })])).toEqual([undefined]);
  });

  it('is what the instances of a step gave', () => {
    const run = play([[], [0]], (step) => (step === 1 ? { inputs: [many(own)] } : each(['x', 'y'])));
    run.begin();
    run.complete(3, 1, b);
    expect(issued(run.complete(2, 1, a))).toMatchObject([{ inputs: { in: [a, b] } }]);
  });

  it('fails with one of another type', () => {
    expect(given([a, ref('b', 'model')], [many(own)])).toContain("step 's0' gave no dataset for input 'in'");
  });

  it('must fit into a task', () => {
    const lots = Array.from({ length: 10_000 }, () => a);
    expect(given(lots, [many(own)])).toMatch(/params and inputs have \d+ bytes, more than 900000/);
  });
});

describe('what a component that gives many gave', () => {
  const outputs = { value: { type: 'dataset', optional: false, many: true } } as const;
  it.each<[what: string, value: PortValue, status: string]>([
    ['many', [a, b], 'succeeded'],
    ['none', [], 'succeeded'],
    ['one', a, 'failed'],
    ['others among them', [a, ref('b', 'model')], 'failed'],
    ['no artifacts among them', [a, null] as never, 'failed'],
  ])('%s: %s', (_, value, status) => {
    const run = play([[]], () => ({ outputs }));
    run.begin();
    run.complete(0, 1, value);
    expect(run.state.status).toBe(status);
  });
});

describe('the key of a list of artifacts', () => {
  const keyOf = (list_: unknown): string | undefined => {
    const run = play([[], [0]], (step) =>
      step === 1 ? { cache: 'yes', inputs: [input({ from: 0, output: 'value' }, { many: true })] } : {},
    );
    run.begin();
    run.complete(0, 1, list_);
    return run.state.steps[1]?.cacheKey;
  };

  it('is that of their contents, in order', () => {
    expect(keyOf([a, b])).toBe(keyOf([{ ...a, size: 1, mediaType: 'text/plain' }, b]));
    expect(new Set([keyOf([a, b]), keyOf([b, a]), keyOf([a]), keyOf([a, b, b]), keyOf([])]).size).toBe(5);
  });
});
