import { pipeline, problemsOf } from '../testing/definition-problems.js';

const all = `
name: round-and-round
params: { rows: { type: integer, default: 1000 }, names: { type: array, default: [] } }
concurrency: 2
priority: 5
schedule: { cron: '0 6 * * 1-5', timezone: Europe/Berlin, catchUp: all, params: { rows: 5 } }
triggers:
  - { event: ingestion.dataset.created, when: "event.data.name == 'flights'", params: { rows: '\${{ event.data.rows }}' } }
  - { subject: plant.>, when: event.level > 3 }
steps:
  list: { component: test.any, params: { password: '\${{ secrets.warehouse }}', x: '\${{ params.rows * 2 }}' } }
  yes: { approval: { by: [alice], withinMs: 86400000, message: Really? }, after: [list] }
  each:
    component: test.any
    when: params.rows > 10 && steps.yes.status == 'succeeded' && steps.list.outputs.value != null
    foreach: { items: '\${{ steps.list.outputs.value }}', as: name, concurrency: 4 }
    params: { name: '\${{ name }}', path: 'a/\${{ index }}/\${{ name.id }}' }
    retry: { attempts: 5, backoffMs: 1000, factor: 2, maxBackoffMs: 100000, jitter: true, on: [unavailable, internal] }
    timeoutMs: 60000
    stepTimeoutMs: 600000
    cache: { ttlMs: 86400000 }
    priority: 9
  fit:
    component: test.any
    until: { condition: outputs.value.loss < 0.1 || index == 9, max: 10 }
    params: { before: '\${{ previous.value }}', all: '\${{ steps.each.outputs.value }}' }
    cache: refresh
  sub: { pipeline: other, params: { rows: '\${{ params.rows }}' }, retry: { attempts: 2 }, timeoutMs: 1000, cache: false }
  deep: { pipeline: nested }
  model: { component: model.fit, inputs: { train: sub.split-it__train, test: deep.run__split-it__test } }
onFailure:
  tell: { component: test.any, params: { why: '\${{ run.error.message }} in \${{ run.failedStep }}' } }
finally:
  clean: { component: test.any, when: run.status != 'succeeded' && steps.tell.status == 'succeeded', params: { all: '\${{ steps.deep.outputs.each__value }}' } }
`;

describe('every statement', () => {
  it('may be said', () => {
    expect(problemsOf(all)).toEqual([]);
  });
});

describe('what is wrong elsewhere, with its line', () => {
  const steps = 'steps: { a: { component: test.any } }';

  it('in approvals', () => {
    expect(
      problemsOf(
        pipeline(
          'steps:',
          '  a: { approval: { by: [], withinMs: 0, who: me } }',
          '  b: { approval: {}, params: {}, retry: { attempts: 2 } }',
          '  c: { approval: yes }',
          "  d: { component: test.any, params: { x: '${{ steps.b.outputs.who }}', y: '${{ steps.b.outputs.by }}' } }",
        ),
      ).map(([line, field]) => [line, field]),
    ).toEqual([
      [3, 'steps.a.approval.who'],
      [3, 'steps.a.approval.by'],
      [3, 'steps.a.approval.withinMs'],
      [4, 'steps.b.params'],
      [4, 'steps.b.retry'],
      [5, 'steps.c.approval'],
      [6, 'steps.d.params.x'],
    ]);
  });

  it('between phases', () => {
    expect(
      problemsOf(
        pipeline(
          'steps:',
          '  a: { component: test.any, after: [c] }',
          "  d: { component: test.any, when: steps.b.status == 'failed' }",
          'onFailure:',
          "  b: { component: test.any, params: { x: '${{ steps.c.outputs.value }} ${{ run.what }}' } }",
          'finally:',
          '  c: { component: test.any, inputs: { y: lost.value } }',
          '  a: { component: test.any }',
        ),
      ),
    ).toEqual([
      [3, 'steps.a.after[0]', "step 'c' stands in finally, which runs after this"],
      [4, 'steps.d.when', "step 'b' stands in onFailure, which runs after this"],
      [6, 'onFailure.b.params.x', "step 'c' stands in finally, which runs after this"],
      [6, 'onFailure.b.params.x', "a run has error, failedStep, status, but no 'what'"],
      [8, 'finally.c.inputs.y', expect.stringContaining('has no input')],
      [9, 'finally.a', "there is another step 'a'"],
    ]);
  });

  it.each([
    ["schedule: { cron: '61 * * * *' }", 'schedule.cron'],
    ["schedule: { cron: 'now and then' }", 'schedule.cron'],
    ["schedule: { cron: '0 6 * * *', timezone: Mars/Olympus }", 'schedule.timezone'],
    ["schedule: { cron: '0 6 * * *', catchUp: some }", 'schedule.catchUp'],
    ["schedule: { cron: '0 6 * * *', params: { colour: red } }", 'schedule.params.colour'],
    ['schedule: { timezone: UTC }', 'schedule.cron'],
    ['concurrency: 0', 'concurrency'],
    ['priority: -1', 'priority'],
    ['triggers: [{ when: "true" }]', 'triggers[0]'],
    ['triggers: [{ event: a.b.c, subject: d }]', 'triggers[0]'],
    ['triggers: [{ subject: "a b" }]', 'triggers[0].subject'],
    ['triggers: [{ subject: "$SYS.>" }]', 'triggers[0].subject'],
    ['triggers: [{ subject: ">" }]', 'triggers[0].subject'],
    ['triggers: [{ event: Dataset }]', 'triggers[0].event'],
    ['triggers: [{ event: a.b.c, when: "event.x >" }]', 'triggers[0].when'],
    ['triggers: [{ event: a.b.c, when: "params.x > 1" }]', 'triggers[0].when'],
    ['triggers: [{ event: a.b.c, params: { x: "${{ event.x }}" } }]', 'triggers[0].params.x'],
    ['onFailure: {}', 'onFailure'],
    ['finally: { x: 5 }', 'finally.x'],
  ])('%s', (line, field) => {
    expect(problemsOf(pipeline(line, steps)).map(([at, name]) => [at, name])).toEqual([[2, field]]);
  });

  it('in what schedules and triggers leave out or take from nowhere', () => {
    expect(
      problemsOf(
        pipeline(
          'params: { rows: { type: integer }, at: { type: string, default: x } }',
          "schedule: { cron: '0 6 * * *', params: { at: '${{ event.time }}' } }",
          'triggers:',
          "  - { subject: a, params: { rows: many, at: '${{ params.rows }}' } }",
          steps,
        ),
      ),
    ).toEqual([
      [3, 'schedule.params.rows', 'is missing: the pipeline has no default for it'],
      [3, 'schedule.params.at', 'there is nothing that an expression could read here'],
      [5, 'triggers[0].params.at', "there is no 'params' here (there is: event)"],
      [5, 'triggers[0].params.rows', 'must be an integer'],
    ]);
  });

  it('in pipelines that are run as steps', () => {
    expect(
      problemsOf(
        pipeline(
          'steps:',
          '  a: { pipeline: nowhere }',
          '  b: { pipeline: other, params: { who: 5, why: x }, inputs: { a: c.x }, cache: refresh }',
          "  c: { pipeline: other, params: { rows: 1, who: '${{ secrets.x }}' } }",
          '  d: { pipeline: back }',
          '  e: { pipeline: far }',
          '  f: { pipeline: round }',
          '  g: { component: model.fit, inputs: { train: c.split-it__all } }',
          '  h: { component: model.register, inputs: { model: c.split-it__train } }',
        ),
      ),
    ).toEqual([
      [3, 'steps.a.pipeline', "there is no pipeline 'nowhere'"],
      [4, 'steps.b.inputs.a', expect.stringContaining("step 'c' (pipeline other) has no output 'x'")],
      [4, 'steps.b.inputs', "says nothing beside 'pipeline'"],
      [4, 'steps.b.cache', "says nothing beside 'pipeline'"],
      [4, 'steps.b.params.who', 'must be a string'],
      [4, 'steps.b.params.why', "pipeline 'other' has no such parameter (parameters: rows, who)"],
      [4, 'steps.b.params.rows', "is missing: pipeline 'other' has no default for it"],
      [5, 'steps.c.params.who', 'a secret can only stand in the params of a component'],
      [6, 'steps.d.pipeline', 'pipelines would run each other without end: round → back → round'],
      [7, 'steps.e.pipeline', 'pipelines would run each other without end: round → far → back → round'],
      [8, 'steps.f.pipeline', 'pipelines would run each other without end: round → round'],
      [9, 'steps.g.inputs.train', expect.stringContaining("has no output 'split-it__all'")],
      [10, 'steps.h.inputs.model', expect.stringContaining('(pipeline other) gives dataset')],
    ]);
  });
});
