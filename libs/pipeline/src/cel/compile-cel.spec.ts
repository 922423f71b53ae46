import { CelError } from './cel-error.js';
import { compileCel, maxLength } from './compile-cel.js';

const bindings = {
  params: { rows: 1000, rate: 0.5, name: 'cars', list: [3, 1, 2], nothing: null, flags: { on: true } },
  steps: {
    list: { status: 'succeeded', outputs: { names: ['a', 'b'], count: 2 } },
    'fit-all': { status: 'skipped', outputs: {} },
  },
  event: { data: { name: 'flights', at: '2026-11-23T06:00:00Z' }, level: 4 },
};
const evaluate = (text: string) => compileCel(text).evaluate(bindings);

const errorOf = (act: () => unknown): CelError => {
  try {
    act();
  } catch (error) {
    if (error instanceof CelError) return error;
    throw error;
  }
  throw new Error('nothing was wrong');
};

describe('compileCel', () => {
  it.each([
    ['params.rows > 10 && steps.list.outputs.count > 0', true],
    ['steps["fit-all"].status == "skipped"', true],
    ['has(steps.list.outputs.count) && !("model" in steps["fit-all"].outputs)', true],
    ['params.rows * params.rate', 500],
    ['params.rate + 1', 1.5],
    ['params.rows / 3', 333],
    ['params.rate < 1 && params.rows >= 1000.0', true],
    ['params.list[1]', 1],
    ['params.list.filter(x, x > 1).map(x, x * 10)', [30, 20]],
    ['params.list.exists(x, x == 2) && 3 in params.list', true],
    ['steps.list.outputs.names.map(n, params.name + "-" + n)', ['cars-a', 'cars-b']],
    ['size(params.name) == 4 ? "four" : "other"', 'four'],
    ['{"a": params.rows, "b": [1, "x", null]}', { a: 1000, b: [1, 'x', null] }],
    ['params.nothing == null', true],
    ['params.flags', { on: true }],
    ['"on" in params.flags', true],
    ["event.data.name == 'flights' && event.level > 3", true],
    ["timestamp(event.data.at) < timestamp('2027-01-01T00:00:00Z')", true],
    ["timestamp('2026-11-23T06:00:00Z')", '2026-11-23T06:00:00.000Z'],
    ["params.name.startsWith('ca') && params.name.contains('ar')", true],
    ["string(params.rows) + ' rows'", '1000 rows'],
  ])('%s is %j', (text, value) => {
    expect(evaluate(text)).toEqual(value);
  });

  it('knows what it reads', () => {
    expect(compileCel('params.rows > 1 && steps["fit-all"].outputs.a.b == steps.list.status').names).toEqual([
      ['params', 'rows'],
      ['steps', 'fit-all', 'outputs', 'a', 'b'],
      ['steps', 'list', 'status'],
    ]);
    expect(
      compileCel('steps.list.outputs.names.map(n, n + item[index]) == [int(size(steps))]').names,
    ).toEqual([['steps', 'list', 'outputs', 'names'], ['item'], ['index'], ['steps']]);
  });

  it('looks at nothing that it does not name', () => {
    const trap = {
      params: { rows: 1 },
      get steps(): never {
        throw new Error('was looked at');
      },
    };
    expect(compileCel('params.rows + 1').evaluate(trap)).toBe(2);
  });

  it.each([
    ['params.rows >', 13],
    ['params..rows', 7],
    ['1 + "a"', 0],
    ['nosuch(1)', 0],
    ['params.rows ? 1', 15],
    ['"open', 0],
    ['', 0],
    ['params.name.matches("(a+)+$")', 0],
    ['cel.bind(a, params.list, a)', 0],
  ])('%j is wrong at %i', (text, at) => {
    expect(errorOf(() => compileCel(text))).toMatchObject({ at, message: expect.stringMatching(/\w/) });
  });

  it.each([
    ['steps.list.outputs.nothing', /nothing/],
    ['params.constructor', /constructor/],
    ['params.__proto__', /__proto__/],
    ['params.list.length', /length|list/],
    ['params.name.constructor("return 1")()', /./],
    ['params.rows / 0', /zero/i],
    ['9007199254740993', /whole numbers/],
    ['params.rate / 0.0', /Infinity/],
    ['params.name + params.rows', /\+/],
  ])('%s has no value', (text, message) => {
    expect(errorOf(() => evaluate(text)).message).toMatch(message);
  });
});

describe('hostile expressions', () => {
  const many = Array.from({ length: 5_000 }, (_, i) => i);
  const long = 'x'.repeat(500_000);
  const doubled = (depth: number): string =>
    depth === 0 ? 'params.list' : `[${doubled(depth - 1)}].map(x, x + x)[0]`;

  it.each([
    ['too long', `1 ${'+ 1'.repeat(maxLength)}`],
    ['too deep in brackets', '('.repeat(900) + '1' + ')'.repeat(900)],
    ['too deep in lists', '['.repeat(900) + ']'.repeat(900)],
    ['too deep in signs', '!'.repeat(1_900) + 'true'],
    ['too deep in fields', `params${'.a'.repeat(900)}`],
    ['too many parts', `[${'1,'.repeat(900)}1]`],
  ])('%s: refused when compiled', (_, text) => {
    expect(errorOf(() => compileCel(text)).message).toMatch(/\w/);
  });

  it.each([
    ['loops within loops', 'params.many.all(x, params.many.all(y, params.many.all(z, x + y + z >= 0)))'],
    [
      'loops over nothing but literals',
      '[1,2,3,4,5,6,7,8,9].map(a,[1,2,3,4,5,6,7,8,9].map(b,[1,2,3,4,5,6,7,8,9].map(c,[1,2,3,4,5,6,7,8,9].map(d,[1,2,3,4,5,6,7,8,9].map(e,[1,2,3,4,5,6,7,8,9].map(f,a))))))',
    ],
    ['a list that doubles', doubled(20)],
    ['lists compared for each item', 'params.many.all(x, params.many == params.same)'],
    ['lists searched for each item', 'params.many.all(x, !(-1 in params.many))'],
    ['a long text for each item', 'params.many.map(x, params.long + params.long)'],
    ['a long text searched for each item', 'params.many.all(x, !params.long.contains("y"))'],
    ['loops whose bodies do nothing', 'params.many.map(x, params.many.map(y, true))'],
    ['filters within filters', 'params.many.filter(x, params.many.filter(y, true) != [])'],
  ])('%s: stopped', (_, text) => {
    const cel = compileCel(text);
    const began = performance.now();
    const error = errorOf(() => cel.evaluate({ params: { many, same: [...many], list: many, long } }));
    expect(error.message).toBe('takes too much work');
    expect(performance.now() - began).toBeLessThan(3_000);
  });

  it('leaves an expression usable after it was stopped', () => {
    const cel = compileCel('params.many.all(x, params.many.all(y, x + y >= 0))');
    expect(errorOf(() => cel.evaluate({ params: { many } })).message).toBe('takes too much work');
    expect(cel.evaluate({ params: { many: [1, 2] } })).toBe(true);
  });
});
