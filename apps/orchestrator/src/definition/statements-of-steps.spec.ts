import { pipeline, problemsOf, stepIt as step } from '../testing/definition-problems.js';

describe('what is wrong with a step, with its line', () => {
  it.each([
    ['when: params.rows >', 'when', "'params.rows >' is no CEL: Unexpected token: EOF (at character 14)"],
    ['when: params.row > 1', 'when', "the pipeline has no parameter 'row'; did you mean 'rows'?"],
    ['when: rows > 1', 'when', "there is no 'rows' here (there is: params, steps)"],
    ['when: steps.nowhere.status == "failed"', 'when', "there is no step 'nowhere'"],
    [
      'when: steps.any-thing.status == "failed"',
      'when',
      "there is no step 'any'; a name with a hyphen is written steps['any-thing']",
    ],
    ['when: steps.import.state == 1', 'when', "a step has outputs and a status, but no 'state'"],
    [
      'when: steps.import.outputs.rows > 1',
      'when',
      "step 'import' (data.import) has no output 'rows' (outputs: dataset)",
    ],
    [
      'when: size(steps) > 1',
      'when',
      'steps are read by name: steps.<name>.outputs.<port> or steps.<name>.status',
    ],
    ['when: run.status == "failed"', 'when', "there is no 'run' here (there is: params, steps)"],
    ['when: 1 + 1', 'when', 'gives int, neither true nor false'],
    ["when: '${{ params.rows > 1 }}'", 'when', 'is CEL as it stands: write it without ${{ and }}'],
    ['when: \'params.rows.matches("(a+)+")\'', 'when', /matches\(\) is not offered/],
    ['when: 5', 'when', 'must be string'],
    ['foreach: { items: params.list }', 'foreach.items', 'must be a list, or one ${{ … }} that gives a list'],
    [
      "foreach: { items: 'x${{ params.list }}' }",
      'foreach.items',
      'must be a list, or one ${{ … }} that gives a list',
    ],
    [
      "foreach: { items: '${{ params.rows }}' }",
      'foreach.items',
      "parameter 'rows' is no array, but integer",
    ],
    ["foreach: { items: '${{ 1 + 1 }}' }", 'foreach.items', 'gives int, not a list'],
    [
      "foreach: { items: '${{ item }}' }",
      'foreach.items',
      "there is no 'item' here (there is: params, steps)",
    ],
    ['foreach: { items: 5 }', 'foreach.items', 'must be a list (of at most 10000) or one ${{ … }}'],
    ['foreach: { items: [1], as: params }', 'foreach.as', "'params' is the name of something else"],
    ['foreach: { items: [1], concurrency: 0 }', 'foreach.concurrency', 'must be >= 1'],
    ["params: { x: '${{ item }}' }", 'params.x', "there is no 'item' here (there is: params, steps)"],
    ["params: { x: '${{ secrets }}' }", 'params.x', 'a secret stands alone, as ${{ secrets.<name> }}'],
    [
      "params: { x: 'a${{ secrets.b }}' }",
      'params.x',
      'a secret stands alone: text around it would have to know it',
    ],
    ["params: { x: '${{ secrets.b.c }}' }", 'params.x', 'a secret stands alone, as ${{ secrets.<name> }}'],
    ['params: { x: [{ $secret: a }] }', 'params', "'$secret' is said as ${{ secrets.<name> }}"],
    ["params: { x: '${{ params.rows' }", 'params.x', "'${{ params.rows' has no }}"],
    ["params: { x: '${{ steps.import.outputs.dataset }}' }", 'params.x', /which an input takes, not a param/],
    [
      'until: { condition: outputs.loss < 1, max: 5 }',
      'until.condition',
      "'outputs' has no 'loss' (outputs: value)",
    ],
    ['until: { condition: outputs.value > 1 }', 'until.max', 'is missing'],
    ['until: { condition: outputs.value > 1, max: 1001 }', 'until.max', 'must be <= 1000'],
    ['until: { condition: "true", max: 0 }', 'until.max', 'must be >= 1'],
    ['retry: { attempts: 2, on: [unavailable, tired] }', 'retry.on[1]', /must be one of/],
    ['retry: { attempts: 2, factor: 0 }', 'retry.factor', 'must be >= 1'],
    ['retry: { backoffMs: 2 }', 'retry.attempts', 'is missing'],
    ['cache: sometimes', 'cache', 'must be true, false, refresh or { ttlMs }'],
    ['cache: { ttlMs: 0 }', 'cache', 'must be true, false, refresh or { ttlMs }'],
    ['priority: 10', 'priority', 'must be <= 9'],
    ['approval: {}', '', 'must have exactly one of component, pipeline, approval'],
    ['after: [late]', 'after[0]', "there is no step 'late'"],
  ])('%s', (line, field, message) => {
    expect(problemsOf(step(line))).toEqual([
      [
        field === '' ? 6 : 8,
        `steps.it${field === '' ? '' : `.${field}`}`,
        typeof message === 'string' ? message : expect.stringMatching(message),
      ],
    ]);
  });

  it('of two statements that do not go together', () => {
    expect(
      problemsOf(
        step(
          'foreach: { items: [1] }',
          'until: { condition: outputs.value > 1, max: 2 }',
          'timeoutMs: 100',
          'stepTimeoutMs: 50',
        ),
      ),
    ).toEqual([
      [9, 'steps.it.until', expect.stringContaining("cannot stand beside 'foreach'")],
      [11, 'steps.it.stepTimeoutMs', 'is less than timeoutMs, so that no attempt could take 100 ms'],
    ]);
  });

  it('of a list of artifacts that is taken for one', () => {
    expect(
      problemsOf(
        pipeline(
          'steps:',
          '  each: { component: data.import, params: { source: a }, foreach: { items: [1] } }',
          '  split: { component: data.split, inputs: { dataset: each.dataset } }',
        ),
      ),
    ).toEqual([[4, 'steps.split.inputs.dataset', expect.stringContaining('gives a list of dataset')]]);
  });

  it('of a cycle through a condition', () => {
    expect(
      problemsOf(
        pipeline(
          'steps:',
          "  a: { component: test.any, when: steps.b.status == 'succeeded' }",
          "  b: { component: test.any, foreach: { items: '${{ steps.a.outputs.value }}' } }",
        ),
      ),
    ).toEqual([[3, 'steps.a', 'waits for itself: a → b → a']]);
  });
});

describe('hostile definitions', () => {
  it.each([
    ['a condition that is too long', step(`when: '${'true && '.repeat(400)}true'`)],
    ['a condition that is too deep', step(`when: '${'('.repeat(900)}true${')'.repeat(900)}'`)],
    ['a text that is one long expression', step(`params: { x: '\${{ ${'1+'.repeat(50_000)}1 }}' }`)],
    ['a text of nothing but openings', step(`params: { x: '${'${{ '.repeat(20_000)}' }`)],
    [
      'a cron of many fields',
      pipeline(`schedule: { cron: '${'* '.repeat(99)}' }`, 'steps: { a: { component: test.any } }'),
    ],
    ['names of JavaScript', step("when: params.constructor == 1 && steps.constructor.status == 'x'")],
    ['too many items', step(`foreach: { items: [${'1,'.repeat(10_000)}1] }`)],
    [
      'too many approvers',
      pipeline(
        `steps: { a: { approval: { by: [${Array.from({ length: 101 }, (_, i) => `u${i}`).join()}] } } }`,
      ),
    ],
  ])('%s: refused', (_, yaml) => {
    const began = performance.now();
    expect(problemsOf(yaml)).not.toEqual([]);
    expect(performance.now() - began).toBeLessThan(3_000);
  });

  it('of steps that are objects of nothing', () => {
    expect(
      problemsOf('name: x\nsteps: { a: null, b: [], c: {} }\ntriggers: [null, 5]\nschedule: []\nfinally: []'),
    ).not.toEqual([]);
  });
});
