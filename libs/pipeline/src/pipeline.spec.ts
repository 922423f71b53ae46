import { parse } from 'yaml';
import { cel, event, pipeline, run, secret } from './index.js';
import { fit, list, load } from './testing/components.js';

const yaml = `
name: nightly
description: Everything that can be said.
concurrency: 2
priority: 5
params:
  rows: { type: integer, default: 1000 }
  kind: { type: string, default: logistic }
schedule: { cron: '0 6 * * 1-5', timezone: Europe/Berlin, catchUp: latest, params: { rows: 5 } }
triggers:
  - event: ingestion.dataset.created
    when: event.data.name == "flights"
    params: { rows: '\${{ event.data.rows }}' }
  - { subject: plant.alarm, when: event.level > 3 }
steps:
  list: { component: files.list, params: { password: '\${{ secrets.warehouse }}' } }
  load-all:
    component: files.load
    foreach: { items: '\${{ steps.list.outputs.names }}', as: name, concurrency: 4 }
    when: params.rows > 10 && steps.list.outputs.count > 0
    params: { source: 'in/\${{ name }}', rows: '\${{ params.rows }}' }
    retry: { attempts: 5, on: [unavailable] }
  check: { approval: { by: [alice], withinMs: 86400000 }, after: [load-all] }
  load: { component: files.load, when: 'steps["load-all"].status == "succeeded"', params: { source: '\${{ steps.list.outputs.names[0] }}' }, cache: { ttlMs: 1000 } }
  fit:
    component: model.fit
    until: { condition: outputs.score.loss < 0.1 || index == 10, max: 10 }
    inputs: { train: load.dataset }
    params: { rate: '\${{ 0.5 / double(index) }}', from: '\${{ previous.score }}' }
    timeoutMs: 60000
    stepTimeoutMs: 600000
  sub: { pipeline: weekly, params: { rows: '\${{ params.rows * 2 }}' }, retry: { attempts: 2 }, timeoutMs: 1000, cache: false }
  parts: { pipeline: weekly, foreach: { items: [1, 2], as: rows, concurrency: 1 }, params: { rows: '\${{ rows }}' } }
  grow:
    pipeline: weekly
    until: { condition: 'outputs["split-it__rows"] > 9', max: 5 }
    params: { rows: '\${{ previous.fit__rows }}' }
  again: { component: model.fit, inputs: { train: sub.split-it__train, test: load.dataset }, params: { estimator: '\${{ params.kind }}' }, priority: 9 }
onFailure:
  tell: { component: files.load, params: { source: '\${{ run.failedStep }}: \${{ run.error.message }}' } }
finally:
  clean: { component: files.list, when: run.status != "succeeded", cache: refresh }
`;

const build = () => {
  const p = pipeline('nightly', { description: 'Everything that can be said.', concurrency: 2, priority: 5 });
  const rows = p.param('rows', { type: 'integer', default: 1000 });
  const kind = p.param('kind', { type: 'string', default: 'logistic' });
  p.schedule({ cron: '0 6 * * 1-5', timezone: 'Europe/Berlin', catchUp: 'latest', params: { rows: 5 } });
  p.trigger(
    { event: 'ingestion.dataset.created' },
    { when: cel`${event}.data.name == ${'flights'}`, params: { rows: cel`${event}.data.rows` } },
  );
  p.trigger({ subject: 'plant.alarm' }, { when: 'event.level > 3' });

  const files = p.task('list', list, { params: { password: secret('warehouse') } });
  const { names, count } = files.outputs;
  const all = p.each('load-all', load, { items: names, as: 'name', concurrency: 4 }, (name) => ({
    when: cel`${rows} > 10 && ${count} > 0`,
    params: { source: `in/${name}`, rows },
    retry: { attempts: 5, on: ['unavailable'] },
  }));
  p.approval('check', { by: ['alice'], withinMs: 86_400_000, after: [all] });
  const one = p.task('load', load, {
    when: cel`${all.status} == ${'succeeded'}`,
    params: { source: names.get(0) },
    cache: { ttlMs: 1000 },
  });
  p.loop(
    'fit',
    fit,
    { until: ({ score }, index) => cel`${score.get('loss')} < 0.1 || ${index} == ${10}`, max: 10 },
    ({ score }, index) => ({
      inputs: { train: one.outputs.dataset },
      params: { rate: cel<number>`0.5 / double(${index})`, from: score },
      timeoutMs: 60_000,
      stepTimeoutMs: 600_000,
    }),
  );
  const weekly = { name: 'weekly' };
  const sub = p.run('sub', weekly, {
    params: { rows: cel`${rows} * 2` },
    retry: { attempts: 2 },
    timeoutMs: 1000,
    cache: false,
  });
  p.runEach('parts', weekly, { items: [1, 2], as: 'rows', concurrency: 1 }, (part) => ({
    params: { rows: part },
  }));
  p.runLoop(
    'grow',
    weekly,
    { until: (output) => cel`${output('split-it', 'rows')} > 9`, max: 5 },
    (previous) => ({ params: { rows: previous('fit', 'rows') } }),
  );
  p.task('again', fit, {
    inputs: { train: sub.output<'dataset'>('split-it', 'train'), test: one.outputs.dataset },
    params: { estimator: cel<'logistic' | 'linear'>`${kind}` },
    priority: 9,
  });
  p.onFailure.task('tell', load, {
    params: { source: `${run.failedStep}: ${run.error.get('message')}` },
  });
  p.finally.task('clean', list, { when: cel`${run.status} != ${'succeeded'}`, cache: 'refresh' });
  return p;
};

describe('a pipeline in TypeScript', () => {
  it('is the same definition as in YAML', () => {
    expect(build().toDefinition()).toEqual(parse(yaml));
  });

  it('becomes YAML that says the same', () => {
    expect(parse(build().toYaml())).toEqual(build().toDefinition());
  });

  it('has no two steps of one name, whatever the phase', () => {
    const p = pipeline('twice');
    p.task('a', list);
    expect(() => p.finally.task('a', list)).toThrow("there is another step 'a'");
  });

  it('lets no secret into a text', () => {
    expect(() => `password=${secret('warehouse')}`).toThrow("secret 'warehouse' cannot stand within a text");
  });

  it('is typed by the descriptors', () => {
    const p = pipeline('typed');
    const files = p.task('list', list);
    const one = p.task('load', load, { params: { source: 'a' } });
    const many = p.each('many', load, { items: ['a', 'b'] }, (source) => ({ params: { source } }));
    const model = p.task('fit', fit, { inputs: { train: one.outputs.dataset } });
    expect(model.name).toBe('fit');
    // Each of these is refused by the compiler; none is when it runs.
    const wrong = [
      // @ts-expect-error `source` is missing
      () => p.task('w1', load),
      // @ts-expect-error there is no such param
      () => p.task('w2', load, { params: { source: 'a', colour: 'red' } }),
      // @ts-expect-error a number is no text
      () => p.task('w3', load, { params: { source: 5 } }),
      // @ts-expect-error neither is an output that is one
      () => p.task('w4', load, { params: { source: files.outputs.count } }),
      // @ts-expect-error `train` is missing
      () => p.task('w5', fit, { inputs: {} }),
      // @ts-expect-error a model is no dataset
      () => p.task('w6', fit, { inputs: { train: model.outputs.model } }),
      // @ts-expect-error nor is a list of datasets
      () => p.task('w7', fit, { inputs: { train: many.outputs.dataset } }),
      // @ts-expect-error one of two
      () => p.task('w8', fit, { inputs: { train: one.outputs.dataset }, params: { estimator: 'forest' } }),
      // @ts-expect-error there is no such output
      () => files.outputs.sizes,
      // @ts-expect-error there is no such field
      () => model.outputs.score.get('gain'),
      // @ts-expect-error a default of another type
      () => p.param('n', { type: 'integer', default: 'many' }),
    ];
    for (const attempt of wrong) expect(attempt).not.toThrow();
  });
});
