import fc from 'fast-check';
import { parse } from 'yaml';
import { cel, component, pipeline, type PipelineBuilder } from './index.js';

const anything = component({
  name: 'test.any',
  inputs: { data: { type: 'dataset', optional: true } },
  outputs: { value: { type: 'value' }, data: { type: 'dataset' } },
  params: { type: 'object', properties: { x: {}, y: {} } },
});

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary-ascii' }),
  fc.constantFrom(
    'yes',
    'null',
    '~',
    '1e3',
    '0x1f',
    '- a',
    '# b',
    "it's",
    '"',
    '\n',
    ' x ',
    '${{ a }}',
    '|',
    '2026-11-23',
  ),
);
const value = fc.jsonValue({ maxDepth: 3 }).map((it) => JSON.parse(JSON.stringify(it)) as never);
const statement = fc.record(
  {
    when: text,
    priority: fc.integer({ min: 0, max: 9 }),
    timeoutMs: fc.integer({ min: 1, max: 1e6 }),
    stepTimeoutMs: fc.integer({ min: 1, max: 1e6 }),
    retry: fc.record({
      attempts: fc.integer({ min: 1, max: 9 }),
      factor: fc.constant(1.5),
      jitter: fc.boolean(),
    }),
    cache: fc.constantFrom(true, false, 'refresh' as const, { ttlMs: 5 }),
    params: fc.record({ x: value, y: text }),
  },
  { requiredKeys: [] },
);
const kinds = ['task', 'each', 'loop', 'run', 'approval'] as const;
const step = fc.record({
  kind: fc.constantFrom(...kinds),
  phase: fc.constantFrom('steps', 'onFailure', 'finally'),
  options: statement,
  items: fc.array(value, { maxLength: 3 }),
  message: text,
});

type Say = typeof step extends fc.Arbitrary<infer S> ? S : never;

const say = (p: PipelineBuilder, { kind, phase, options, items, message }: Say, name: string): void => {
  const steps = phase === 'steps' ? p : phase === 'finally' ? p.finally : p.onFailure;
  const { when, params } = options;
  const bare = { ...(when === undefined ? {} : { when }) };
  switch (kind) {
    case 'task':
      return void steps.task(name, anything, options);
    case 'each':
      return void steps.each(name, anything, { items }, (item) => ({ ...options, params: { x: item } }));
    case 'loop':
      return void steps.loop(
        name,
        anything,
        { until: ({ value: it }) => cel`${it} == ${message}`, max: 5 },
        (previous) => ({ ...options, params: { x: { deep: [previous.value] } } }),
      );
    case 'run':
      return void steps.run(name, { name: 'other' }, { ...bare, ...(params ? { params } : {}) });
    case 'approval':
      return void steps.approval(name, { message, ...bare });
  }
};

describe('builder → definition → YAML → definition', () => {
  it('gives the same, whatever was built', () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 6 }),
        fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.record({ default: text, description: text }), {
          maxKeys: 3,
        }),
        fc.option(fc.record({ cron: text, params: fc.dictionary(text, value, { maxKeys: 2 }) })),
        (steps, params, schedule) => {
          const p = pipeline('any');
          for (const [name, param] of Object.entries(params)) p.param(name, { type: 'string', ...param });
          if (schedule) p.schedule(schedule);
          steps.forEach((said, index) => say(p, said, `s-${index}`));
          const definition = p.toDefinition();
          expect(parse(p.toYaml())).toEqual(definition);
          expect(JSON.parse(JSON.stringify(definition))).toEqual(definition);
          expect(p.toDefinition()).toEqual(definition);
        },
      ),
      {
        numRuns: 500,
        examples: [
          [[{ kind: 'approval', phase: 'steps', options: {}, items: [], message: ' \n' }], {}, null] as never,
        ],
      },
    );
  });
});
