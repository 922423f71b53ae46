import { findDescriptor } from '../testing/descriptors.js';
import { bindParams } from './pipeline-params.js';
import { planOf } from './plan.js';

const definition = {
  name: 'flights',
  params: { rows: { type: 'integer' as const }, who: { type: 'string' as const, default: 'me' } },
  steps: {
    fit: {
      component: 'model.fit',
      inputs: { train: 'split.train' },
      params: { label: '${{ params.who }}' },
      retry: { attempts: 2 },
      cache: false,
    },
    split: { component: 'data.split', inputs: { dataset: 'import.dataset' }, timeoutMs: 5 },
    import: { component: 'data.import', params: { source: 'a', rows: '${{ params.rows }}' } },
    last: { component: 'test.any', after: ['fit'], params: { x: '${{ steps.only.outputs.value }}' } },
    only: { component: 'test.any' },
  },
};

describe('planOf', () => {
  const plan = planOf(definition, findDescriptor);

  it('orders the steps and links them by position, by data, by value and by `after`', () => {
    expect(plan.steps.map(({ name }) => name)).toEqual(['import', 'only', 'split', 'fit', 'last']);
    expect(plan.steps.map(({ needs }) => needs)).toEqual([[], [], [0], [2], [3, 1]]);
    expect(plan.steps.map(({ dependents }) => dependents)).toEqual([[2], [4], [3], [4], []]);
  });

  it("fills in the component's defaults and keeps what the pipeline says", () => {
    expect(plan.steps[0]).toMatchObject({
      params: { source: 'a', rows: '${{ params.rows }}' },
      cache: 'not-deterministic',
    });
    expect(plan.steps[2]).toMatchObject({ timeoutMs: 5, cache: 'yes' });
    expect(plan.steps[3]).toMatchObject({
      params: { label: '${{ params.who }}', l2: 1 },
      retry: { attempts: 2 },
      cache: 'off',
      inputs: [{ port: 'train', type: 'dataset', optional: false, sources: [{ from: 2, output: 'train' }] }],
      outputs: { model: { type: 'model', optional: false } },
    });
  });
});

describe('bindParams', () => {
  it('takes what is given over what is the default', () => {
    expect(bindParams(definition, { rows: 5 })).toEqual({ params: { rows: 5, who: 'me' }, problems: [] });
  });

  it.each([
    [{}, 'params.rows', 'is missing and has no default'],
    [{ rows: 1.5 }, 'params.rows', 'must be an integer'],
    [{ rows: '5' }, 'params.rows', 'must be an integer'],
    [{ rows: 5, who: 1 }, 'params.who', 'must be a string'],
    [
      { rows: 5, colour: 1 },
      'params.colour',
      "pipeline 'flights' has no such parameter (parameters: rows, who)",
    ],
    [
      { rows: 5, constructor: 1 },
      'params.constructor',
      "pipeline 'flights' has no such parameter (parameters: rows, who)",
    ],
  ])('%j: %s %s', (given, field, message) => {
    const { problems } = bindParams(definition, given);
    expect(problems.map(({ path, message: text }) => [path.join('.'), text])).toEqual([[field, message]]);
  });
});
