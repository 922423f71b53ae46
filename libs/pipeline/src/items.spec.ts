import { parse } from 'yaml';
import { cel, pipeline } from './index.js';
import { cut, fit, list, load, merge } from './testing/components.js';

const yaml = `
name: many
steps:
  list: { component: files.list }
  load:
    component: files.load
    foreach: { items: '\${{ steps.list.outputs.names }}' }
    params: { source: '\${{ item }}' }
  fit:
    component: model.fit
    foreach: { items: '\${{ steps.load.outputs.dataset }}', as: part }
    inputs: { train: part, test: 'load.dataset[index]' }
    params: { from: '\${{ steps.list.outputs.names[index] }}' }
  first: { component: model.fit, inputs: { train: 'load.dataset[0]' } }
  cut: { component: data.cut, inputs: { dataset: 'load.dataset[1]' } }
  parts:
    component: model.fit
    foreach: { items: '\${{ steps.cut.outputs.parts }}' }
    inputs: { train: item }
  written:
    component: model.fit
    foreach:
      as: one
      items:
        - { data: '\${{ steps.load.outputs.dataset[0] }}', kind: logistic }
        - { data: '\${{ steps.load.outputs.dataset[1] }}', kind: linear }
    inputs: { train: one.data }
    params: { estimator: '\${{ one.kind }}' }
  merge: { component: model.merge, inputs: { models: fit.model } }
  all: { component: model.merge, inputs: { models: [fit.model, first.model, 'parts.model[0]'], hints: load.dataset } }
`;

const build = () => {
  const p = pipeline('many');
  const { names } = p.task('list', list).outputs;
  const loaded = p.each('load', load, { items: names }, (source) => ({ params: { source } }));
  const fits = p.each('fit', fit, { items: loaded.outputs.dataset, as: 'part' }, (train, index) => ({
    inputs: { train, test: loaded.outputs.dataset.at(index) },
    params: { from: names.at(index) },
  }));
  const first = p.task('first', fit, { inputs: { train: loaded.outputs.dataset.at(0) } });
  const { parts } = p.task('cut', cut, { inputs: { dataset: loaded.outputs.dataset.at(1) } }).outputs;
  const each = p.each('parts', fit, { items: parts }, (train) => ({ inputs: { train } }));
  const items = [
    { data: loaded.outputs.dataset.at(0), kind: 'logistic' },
    { data: loaded.outputs.dataset.at(1), kind: 'linear' },
  ] as const;
  p.each('written', fit, { items, as: 'one' }, ({ fields: { data, kind } }) => ({
    inputs: { train: data },
    params: { estimator: kind },
  }));
  p.task('merge', merge, { inputs: { models: fits.outputs.model } });
  p.task('all', merge, {
    inputs: {
      models: [fits.outputs.model, first.outputs.model, each.outputs.model.at(0)],
      hints: loaded.outputs.dataset,
    },
  });
  return p;
};

describe('artifacts as items and in lists', () => {
  it('is the same definition as in YAML', () => {
    expect(build().toDefinition()).toEqual(parse(yaml));
    expect(parse(build().toYaml())).toEqual(parse(yaml));
  });

  it('is typed', () => {
    const p = pipeline('typed');
    const { names } = p.task('list', list).outputs;
    const { dataset } = p.task('load', load, { params: { source: 'a' } }).outputs;
    const { model, score } = p.each('fit', fit, { items: [1] }, () => ({
      inputs: { train: dataset },
    })).outputs;
    const { parts } = p.task('cut', cut, { inputs: { dataset } }).outputs;
    let n = 0;
    const name = () => `w${n++}`;
    // Each of these is refused by the compiler; none is when it runs.
    const wrong = [
      // @ts-expect-error a name is no dataset
      () => p.each(name(), fit, { items: names }, (train) => ({ inputs: { train } })),
      // @ts-expect-error a model is no dataset
      () => p.each(name(), fit, { items: model }, (train) => ({ inputs: { train } })),
      // @ts-expect-error CEL gives values only
      () => p.each(name(), fit, { items: cel<object[]>`${parts}` }, (train) => ({ inputs: { train } })),
      // @ts-expect-error the list is no dataset
      () => p.task(name(), fit, { inputs: { train: parts } }),
      // @ts-expect-error one model is no list
      () => p.task(name(), merge, { inputs: { models: model.at(0) } }),
      // @ts-expect-error a list of something else
      () => p.task(name(), merge, { inputs: { models: score } }),
      // @ts-expect-error one of them is something else
      () => p.task(name(), merge, { inputs: { models: [model, dataset] } }),
      // @ts-expect-error one dataset is no list
      () => p.task(name(), fit, { inputs: { train: dataset.at(0) } }),
      // @ts-expect-error only the index of the items is one
      () => p.task(name(), fit, { inputs: { train: parts.at(cel<number>`1 + 1`) } }),
      () =>
        p.each(name(), fit, { items: [{ a: dataset }] }, ({ fields }) => ({
          // @ts-expect-error there is no such field
          inputs: { train: fields.b },
        })),
      () =>
        p.each(name(), fit, { items: [{ a: 'text' }] }, ({ fields }) => ({
          // @ts-expect-error a text is no dataset
          inputs: { train: fields.a },
        })),
    ];
    for (const attempt of wrong) expect(attempt).not.toThrow();
    const right = p.each(name(), fit, { items: [dataset, dataset] }, (train) => ({ inputs: { train } }));
    expect(right.outputs.model.at(0).source).toBe(`${right.name}.model[0]`);
  });
});
