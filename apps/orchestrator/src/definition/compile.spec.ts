import { DomainError, type FieldError } from '@millrace/contracts';
import { findDescriptor } from '../testing/descriptors.js';
import { compile, componentsIn } from './compile.js';
import { parseYaml } from '@millrace/pipeline/definition';
import { unsupportedStatements } from './supported-statements.js';

const fieldsOf = (yaml: string): FieldError[] => {
  try {
    compile(parseYaml(yaml), findDescriptor);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'invalid_request') return error.details?.fields ?? [];
    throw error;
  }
  return [];
};

const good = `
name: flights
params:
  rows: { type: integer, default: 100 }
steps:
  import:
    component: data.import
    params: { source: a.csv, rows: '\${{ params.rows }}' }
  split:
    component: data.split
    inputs: { dataset: import.dataset }
  fit:
    component: model.fit
    inputs: { train: split.train, test: split.test }
  register:
    component: model.register
    inputs: { model: fit.model }
    after: [split]
`;

describe('compile', () => {
  it('gives back a definition that has nothing wrong', () => {
    expect(compile(parseYaml(good), findDescriptor)).toMatchObject({
      name: 'flights',
      steps: { register: { after: ['split'] } },
    });
  });

  it('reports every mistake of every kind at once, in order, each with its line', () => {
    const yaml = [
      'name: Bad Name', //                                                          1
      'params: { n: { type: integer, default: many } }', //                         2
      'steps:',
      '  import:',
      '    component: data.import',
      '    params: { rows: 0, colour: red }', //                                    6
      '  fit:',
      '    component: model.fit',
      '    inputs:',
      '      train: import.rows', //                                               10
      '      extra: import.dataset', //                                            11
      '    params:',
      '      l2: ${{ params.strength }}', //                                       13
      '      label: ${{ steps.import.outputs.dataset }}', //                       14
      '  register:',
      '    component: model.register',
      '    inputs: { model: import.dataset }', //                                  17
      '    after: [nowhere]', //                                                   18
      '    retries: 3', //                                                         19
      '  lost: { component: data.gone }', //                                       20
      '  split:',
      '    component: data.split',
    ].join('\n');
    expect(fieldsOf(yaml).map(({ line, field }) => [line, field])).toEqual([
      [1, 'name'],
      [2, 'params.n.default'],
      [6, 'steps.import.params.source'],
      [6, 'steps.import.params.colour'],
      [6, 'steps.import.params.rows'],
      [10, 'steps.fit.inputs.train'],
      [11, 'steps.fit.inputs.extra'],
      [13, 'steps.fit.params.l2'],
      [14, 'steps.fit.params.label'],
      [17, 'steps.register.inputs.model'],
      [18, 'steps.register.after[0]'],
      [19, 'steps.register.retries'],
      [20, 'steps.lost.component'],
      [21, 'steps.split.inputs.dataset'],
    ]);
  });

  it('names both ends of a mismatched connection', () => {
    const [field] = fieldsOf(good.replace('model: fit.model', 'model: split.train'));
    expect(field).toEqual({
      field: 'steps.register.inputs.model',
      line: 17,
      message:
        "input 'register.model' (model.register) takes model, but output 'split.train' (data.split) gives dataset",
    });
  });

  it('names the members of a cycle, of each cycle, and of one through an expression', () => {
    const step = (name: string, rest: string) => `  ${name}: { component: test.any, ${rest} }`;
    const fields = fieldsOf(
      [
        'name: round',
        'steps:',
        step('a', 'after: [c]'),
        step('b', 'after: [a]'),
        step('c', 'after: [b]'),
        step('d', 'after: [a, e]'),
        step('e', "params: { x: '${{ steps.d.outputs.value }}' }"),
        step('self', 'after: [self]'),
      ].join('\n'),
    );
    expect(fields.map(({ message }) => message)).toEqual([
      'waits for itself: a → b → c → a',
      'waits for itself: d → e → d',
      'waits for itself: self → self',
    ]);
  });

  it.each([
    [
      'an alias bomb',
      `a: &a [x,x,x]\nb: &b [*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d,*d]`,
    ],
    ['a bottomless nest', '['.repeat(100_000)],
    ['a deep but finite nest', `name: deep\nsteps: ${'['.repeat(200)}${']'.repeat(200)}`],
    ['text that is no YAML', 'name: [unclosed\nsteps: {'],
    ['a key given twice', 'name: twice\nname: thrice\nsteps: { a: { component: test.any } }'],
    ['a number that JSON lacks', 'name: inf\nsteps: { a: { component: test.any, params: { x: .inf } } }'],
    ['nothing', ''],
    ['a list', '- a\n- b'],
  ])('refuses %s', (_, yaml) => {
    expect(fieldsOf(yaml)).not.toEqual([]);
  });

  it("knows names apart from JavaScript's own", () => {
    const yaml =
      'name: proto\nsteps:\n  a: { component: model.fit, inputs: { train: b.constructor, toString: b.value } }\n  b: { component: test.any }';
    expect(fieldsOf(yaml).map(({ field }) => field)).toEqual([
      'steps.a.inputs.train',
      'steps.a.inputs.toString',
    ]);
  });

  it('refuses statements that cannot be run yet, with their lines, rather than passing over them', () => {
    const yaml = [
      'name: later',
      'steps:',
      '  a: { component: test.any }',
      'finally:',
      '  z: { component: test.any, timeoutMs: 5, retry: { attempts: 2 } }',
    ].join('\n');
    const supported = !unsupportedStatements.has('finally');
    const attempt = () => compile(parseYaml(yaml), findDescriptor);
    if (supported) expect(attempt).not.toThrow();
    else
      expect(attempt).toThrow(
        expect.objectContaining({
          code: 'unsupported',
          message: "line 4: finally: 'finally' cannot be run yet",
        }),
      );
  });

  it('names the components that a definition needs', () => {
    expect(componentsIn(parseYaml(good).value)).toEqual([
      'data.import',
      'data.split',
      'model.fit',
      'model.register',
    ]);
    expect(componentsIn('nonsense')).toEqual([]);
  });
});
