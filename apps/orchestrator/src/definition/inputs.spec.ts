import { parse } from 'yaml';
import type { PipelineDefinition } from '@millrace/contracts';
import { pipeline, problemsOf } from '../testing/definition-problems.js';
import { findDescriptor } from '../testing/descriptors.js';
import { planOf } from './plan.js';

const steps = [
  'steps:',
  '  import: { component: data.import, params: { source: a } }',
  '  cut: { component: data.partition, inputs: { dataset: import.dataset } }',
  "  split: { component: data.split, foreach: { items: '${{ steps.cut.outputs.parts }}', as: part }, inputs: { dataset: part } }",
];
/** A pipeline whose step `it`, and in it what is wrong, stands on line 6. */
const it_ = (line: string) => pipeline(...steps, `  it: { ${line} }`);
const items = (list: string, as = 'part') => `foreach: { items: ${list}, as: ${as} }`;
const fit = (inputs: string, each = '') =>
  it_(`component: model.fit, ${each === '' ? '' : `${each},`} inputs: { ${inputs} }`);
const concat = (inputs: string) => it_(`component: data.concat, inputs: { ${inputs} }`);
const trains = items("'${{ steps.split.outputs.train }}'");

describe('inputs that are fed from lists', () => {
  it.each([
    ['the item of a list of artifacts', fit('train: part', trains)],
    ['one of another list, at the index of the item', fit('train: part, test: "split.test[index]"', trains)],
    ['one of a list, by its number', fit('train: "cut.parts[0]"')],
    [
      'fields of items that are written out',
      fit(
        'train: part.a, test: part.b',
        items("[{ a: '${{ steps.import.outputs.dataset }}', b: '${{ steps.import.outputs.dataset }}' }]"),
      ),
    ],
    [
      'items that are artifacts of several steps',
      fit('train: part', items("['${{ steps.import.outputs.dataset }}']")),
    ],
    [
      'one of a list among the items',
      fit(
        'train: part.a, test: part.b',
        items(`[{ a: '\${{ steps.cut.outputs.parts[0] }}', b: '\${{ steps["cut"].outputs.parts[1] }}' }]`),
      ),
    ],
    ['a list of a step in brackets', fit('train: part', items(`'\${{ steps["split"].outputs.test }}'`))],
    ['a list as a whole', concat('parts: split.train')],
    ['what one component gives as many', concat('parts: cut.parts')],
    ['several lists and single ones', concat('parts: [split.train, import.dataset, "cut.parts[3]"]')],
    [
      'a list for each item',
      it_(
        `component: data.concat, ${items("['${{ steps.cut.outputs.parts }}', '${{ steps.split.outputs.test }}']")}, inputs: { parts: part }`,
      ),
    ],
    [
      'any item, where any value will do',
      it_(`component: test.take, ${items('[1, a]')}, inputs: { value: part }`),
    ],
    [
      'what comes of an expression, where any value will do',
      it_(`component: test.take, ${items("'${{ [1, 2].map(x, x * 2) }}'")}, inputs: { value: part }`),
    ],
    ['one of a value', it_('component: test.take, inputs: { value: "cut.names[1]" }')],
    [
      'a list of artifacts, as the value that it is',
      it_('component: test.take, inputs: { value: cut.parts }'),
    ],
  ])('takes %s', (_, yaml) => {
    expect(problemsOf(yaml)).toEqual([]);
  });

  it.each([
    [
      'an item of another type',
      fit('train: part', items("'${{ steps.cut.outputs.names }}'")),
      "input 'it.train' (model.fit) takes dataset, but an item of output 'cut.names' (data.partition) gives value",
    ],
    [
      'an item that is a list',
      it_(`component: data.concat, ${trains}, inputs: { parts: part }`),
      "input 'it.parts' (data.concat) takes a list of dataset, but an item of output 'split.train' (data.split) gives dataset; of one by one, such a list is written [step.port, …]",
    ],
    [
      'an item of a list that nobody can answer for',
      fit('train: part', items("'${{ steps.cut.outputs.parts.filter(p, p.size > 1) }}'")),
      /takes dataset, but an item of '\$\{\{ steps\.cut.*' gives value$/,
    ],
    [
      'a field of an item that nobody can answer for',
      fit('train: part.train', trains),
      "input 'it.train' (model.fit) takes dataset, but 'train' of an item of output 'split.train' (data.split) gives value",
    ],
    [
      'an item among others that is of another type',
      fit('train: part', items("['${{ steps.import.outputs.dataset }}', 5]")),
      "input 'it.train' (model.fit) takes dataset, but items[1] gives value",
    ],
    [
      'one of what is no list among the items',
      fit('train: part', items("['${{ steps.import.outputs.dataset[0] }}']")),
      "output 'import.dataset' (data.import) gives one dataset, no list",
    ],
    [
      'an item without the field',
      fit('train: part.a', items("[{ a: '${{ steps.import.outputs.dataset }}' }, { b: 1 }]")),
      "items[1] has no 'a'",
    ],
    [
      'an artifact, where a value is wanted',
      it_(`component: test.take, ${trains}, inputs: { value: part }`),
      "input 'it.value' (test.take) takes value, but an item of output 'split.train' (data.split) gives dataset",
    ],
    [
      'a list for one',
      fit('train: split.train'),
      "input 'it.train' (model.fit) takes dataset, but output 'split.train' (data.split) gives a list of dataset",
    ],
    [
      'a list of other artifacts',
      it_('component: data.concat, inputs: { parts: cut.names }'),
      "input 'it.parts' (data.concat) takes a list of dataset, but output 'cut.names' (data.partition) gives value",
    ],
    [
      'one for a list',
      concat('parts: import.dataset'),
      "input 'it.parts' (data.concat) takes a list of dataset, but output 'import.dataset' (data.import) gives dataset; of one by one, such a list is written [step.port, …]",
    ],
    [
      'several for one',
      fit('train: [import.dataset]'),
      "input 'it.train' (model.fit) takes one dataset, not several",
    ],
    [
      'one of what is one',
      fit('train: "import.dataset[0]"'),
      "output 'import.dataset' (data.import) gives one dataset, no list",
    ],
    ['an index without items', fit('train: "cut.parts[index]"'), "there is no 'index' without 'foreach'"],
    ['an item without items', fit('train: part'), "there is no item 'part' without 'foreach'"],
    [
      'a step without its output',
      fit('train: import'),
      "there is no item 'import' without 'foreach'; an output of step 'import' is import.<port>",
    ],
    [
      'an item under another name',
      fit('train: item', trains),
      "there is no 'item': an item is called 'part'",
    ],
    ['one of a field', fit('train: "part.a[0]"', trains), "'part.a[0]' is no list: it is a field of an item"],
    [
      'a name that is a step and an item',
      fit('train: import.dataset', items('[1]', 'import')),
      "'import' is a step and the name of an item: call the item something else",
    ],
    ['nothing that could be read', fit('train: "im port"'), /^must be step\.port/],
    ['a list of nothing', concat('parts: []'), /^must be step\.port/],
    ['an index that is none', fit('train: "cut.parts[-1]"'), /^must be step\.port/],
    [
      'a secret among the items',
      it_(`component: test.any, ${items('[{ $secret: a }]')}`),
      "'$secret' is said as ${{ secrets.<name> }}",
    ],
    [
      'one artifact as a list',
      it_(`component: test.any, ${items("'${{ steps.import.outputs.dataset }}'")}`),
      "output 'import.dataset' is no list, but dataset",
    ],
    [
      'an artifact within a text',
      it_(`component: test.any, ${items("['x ${{ steps.import.outputs.dataset }}']")}`),
      "output 'import.dataset' is a dataset, which an input takes, not a param",
    ],
  ])('refuses %s', (_, yaml, message) => {
    expect(problemsOf(yaml)).toEqual([
      [
        6,
        expect.stringMatching(/^steps\.it\./),
        typeof message === 'string' ? message : expect.stringMatching(message),
      ],
    ]);
  });

  it('names every wrong one of several', () => {
    expect(problemsOf(concat('parts: [split.train, import.dataset, nowhere.x, cut.names]'))).toEqual([
      [6, 'steps.it.inputs.parts[2]', "there is no step 'nowhere'"],
      [6, 'steps.it.inputs.parts[3]', expect.stringContaining('gives value')],
    ]);
    expect(problemsOf(concat('more: cut.parts'))).toEqual([
      [6, 'steps.it.inputs.parts', "is missing: component 'data.concat' needs a list of dataset"],
    ]);
  });

  it('waits for all that they come from', () => {
    const yaml = fit('train: part, test: "split.test[index]"', items("'${{ steps.cut.outputs.parts }}'"));
    const plan = planOf(parse(yaml) as PipelineDefinition, findDescriptor);
    const it_ = plan.steps.find(({ name }) => name === 'it');
    const at = (name: string) => plan.steps.findIndex((step) => step.name === name);
    expect([...(it_?.needs ?? [])].sort()).toEqual([at('cut'), at('split')].sort());
    expect(it_?.inputs).toEqual([
      { port: 'train', type: 'dataset', optional: false, sources: [{ item: {} }] },
      {
        port: 'test',
        type: 'dataset',
        optional: true,
        sources: [{ from: at('split'), output: 'test', at: 'index' }],
      },
    ]);
  });

  it('a name that was a step before it was an item stays that in what is already stored', () => {
    const yaml = fit('train: import.dataset', items('[1]', 'import'));
    const plan = planOf(parse(yaml) as PipelineDefinition, findDescriptor);
    expect(plan.steps.find(({ name }) => name === 'it')?.inputs[0]?.sources).toMatchObject([
      { output: 'dataset' },
    ]);
  });
});
