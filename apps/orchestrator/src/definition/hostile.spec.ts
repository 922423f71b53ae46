import { DomainError } from '@millrace/contracts';
import { findDescriptor } from '../testing/descriptors.js';
import { problemsOf } from '../testing/definition-problems.js';
import { compile } from './compile.js';
import { maxProblems, parseYaml } from '@millrace/pipeline/definition';

const steps = (count: number, more: (i: number) => string): string =>
  [
    'name: large',
    'steps:',
    ...Array.from({ length: count }, (_, i) => `  s${i}: { component: test.any, ${more(i)} }`),
  ].join('\n');

const errorOf = (yaml: string): DomainError => {
  try {
    compile(parseYaml(yaml), findDescriptor);
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('nothing is wrong with it');
};

describe('large and hostile definitions', () => {
  it('a cycle as long as a pipeline is named, and nothing overflows', () => {
    const [first] = problemsOf(steps(1_000, (i) => `after: [s${(i + 1) % 1_000}]`));
    expect(first?.[2]).toMatch(/^waits for itself: s\d+ → s\d+ → .*…$/);
    expect(errorOf(steps(5_000, (i) => `after: [s${(i + 1) % 5_000}]`)).code).toBe('invalid_request');
  });

  it('very many mistakes fit into one answer, which says that there are more', () => {
    const error = errorOf(steps(5_000, () => 'foo: 1, retry: 3'));
    expect(error.details?.fields).toHaveLength(maxProblems);
    expect(error.message).toMatch(/and \d{4} more$/);
    expect(Buffer.byteLength(JSON.stringify(error.toBody()))).toBeLessThan(500_000);
  });

  it('aliases count for as much as they stand for', () => {
    const wide = `name: a\nbig: &a [${'x,'.repeat(20_000)}x]\nmore: [${'*a,'.repeat(90)}*a]`;
    expect(problemsOf(wide).map(([, , message]) => message)).toEqual([
      'says more than 1000000 values, with its aliases in their places',
    ]);
  });

  it.each([
    ['a tab', 'name: a\nsteps:\n\tx: { component: test.any }', 3, 'a tab cannot indent: use spaces'],
    [
      'a step said twice',
      'name: a\nsteps:\n  x: { component: test.any }\n  x: { component: test.any }',
      4,
      "'x' is said twice: each name may stand once",
    ],
    [
      'two documents',
      'name: a\nsteps: { x: { component: test.any } }\n---\nname: b',
      3,
      'a second document begins here: a definition is one',
    ],
    [
      'a name in other letters',
      'name: a\nsteps:\n  schön: { component: test.any }',
      3,
      'is not a valid name: a-z, 0-9 and -, beginning with a letter, at most 63',
    ],
  ])('%s is said once, where it stands', (_, yaml, line, message) => {
    expect(problemsOf(yaml)).toEqual([[line, expect.any(String), message]]);
  });

  it.each([
    ['x: { component: test.any, timeout: 5 }', "is not a known field; did you mean 'timeoutMs'?"],
    ['x: { component: test.any, retrys: { attempts: 2 } }', "is not a known field; did you mean 'retry'?"],
    ['x: { component: test.any, quite-another: 1 }', 'is not a known field'],
    ['x: { component: test.any, after: [imprt] }', "there is no step 'imprt'; did you mean 'import'?"],
    [
      "x: { component: test.any, params: { a: '${{ params.row }}' } }",
      "the pipeline has no parameter 'row'; did you mean 'rows'?",
    ],
  ])('%s', (line, message) => {
    const yaml = `name: a\nparams: { rows: { type: integer, default: 1 } }\nsteps:\n  import: { component: test.any }\n  ${line}`;
    expect(problemsOf(yaml)).toEqual([[5, expect.any(String), message]]);
  });

  it('as many wrong names as fit into a request are told in a moment, the first with a guess', () => {
    const { message, details } = errorOf(steps(4_000, (i) => `after: [abcdefghi${i}, s-${i}]`));
    expect(details?.fields).toHaveLength(maxProblems);
    expect(message).toContain("there is no step 's-0'; did you mean 's0'?");
  });

  it.each(['__proto__', 'constructor', 'hasOwnProperty', 'toString'])(
    '%s is a name like any other that is none',
    (name) => {
      const said = (yaml: string) =>
        problemsOf(`name: a\nsteps:\n${yaml}`).map(([line, field]) => [line, field]);
      expect(said(`  ${name}: { component: test.any }`)).toEqual(
        name === 'constructor' ? [] : [[3, `steps.${name}`]],
      );
      expect(said(`  x: { component: test.any, ${name}: 1 }`)).toEqual([[3, `steps.x.${name}`]]);
      expect(said(`  x: { component: test.any, after: [${name}] }`)).toContainEqual([3, 'steps.x.after[0]']);
      expect(said(`  x: { component: test.any, inputs: { a: ${name}.b } }`)).not.toEqual([]);
      expect(said(`  x: { component: ${name} }`)).not.toEqual([]);
      expect(said(`  x: { component: test.any, params: { a: '\${{ params.${name} }}' } }`)).toEqual([
        [3, 'steps.x.params.a'],
      ]);
    },
  );

  it.each([
    ['lists', '['.repeat(100_000)],
    ['maps', '{a: '.repeat(50_000)],
    ['what is closed again', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['indentation', Array.from({ length: 700 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
  ])('%s within each other without end are refused', (_, yaml) => {
    const problems = problemsOf(`name: a\nsteps: {}\nmore:\n ${yaml.replaceAll('\n', '\n ')}`);
    expect(problems.length).toBeLessThan(5);
    expect(problems.map(([, , message]) => message).join()).toMatch(/nested/);
  });

  it('what is shared by anchors and merged is as if written out', () => {
    expect(
      problemsOf(
        'name: a\nsteps:\n  x: &base { component: test.any, timeoutMs: 5 }\n  y: { <<: *base, timeoutMs: 7 }',
      ),
    ).toEqual([]);
    expect(
      problemsOf(
        'name: a\nsteps:\n  x: { component: test.any, retry: &r { attempts: 0 } }\n  y: { component: test.any, retry: *r }',
      ),
    ).toEqual([
      [3, 'steps.x.retry.attempts', 'must be >= 1'],
      [4, 'steps.y.retry.attempts', 'must be >= 1'],
    ]);
  });
});
