import type { JsonValue, PipelineDefinition, StepDefinition, Steps } from '@millrace/contracts';
import { outcomes, type Amount, type Condition, type Sketch, type StepSketch } from './sketch.js';

const amount = (adds: Amount): JsonValue => {
  if (typeof adds === 'number') return adds;
  if (adds === 'x') return '${{ params.x }}';
  if (adds !== 'outcome') return `\${{ ${adds} }}`;
  const { succeeded, failed, cancelled } = outcomes;
  return `\${{ run.status == "succeeded" ? ${succeeded} : run.status == "failed" ? ${failed} : ${cancelled} }}`;
};

const condition = (when: Condition): string => {
  if (when.kind === 'x') return `params.x >= ${when.atLeast}`;
  if (when.kind === 'even') return `steps.${when.step}.outputs.value.n % 2 == 0`;
  return `steps.${when.step}.status ${when.not ? '!=' : '=='} '${when.as}'`;
};

const item = (of: number | 'x' | { of: string }): string =>
  typeof of === 'object' ? `steps.${of.of}.outputs.value.n` : of === 'x' ? 'params.x' : String(of);

/** A full disk is no end: it is tried again for longer than any is full. */
const patience = { attempts: 100, backoffMs: 200, maxBackoffMs: 1_000 };

const retryOf = ({ does, fails }: StepSketch): Pick<StepDefinition, 'retry'> => {
  if (does === 'write') return { retry: { ...patience, on: ['storage_full', 'unavailable'] } };
  if (!fails) return {};
  const { attempts, backoffMs, on } = fails;
  return { retry: { attempts, backoffMs, ...(on ? { on } : {}) } };
};

const taskOf = (sketch: StepSketch): StepDefinition => {
  const { does, adds, takes, file, ms, fails, text, until } = sketch;
  if (does === 'write')
    return { component: 'chaos.write', params: { text: `${text}-\${{ params.x }}` }, ...retryOf(sketch) };
  return {
    component: `chaos.${does}`,
    params: {
      value: amount(adds),
      ...(ms === undefined ? {} : { ms }),
      ...(fails ? { times: fails.times, code: fails.code } : {}),
      ...(until ? { previous: '${{ previous.value }}' } : {}),
    },
    inputs: {
      ...Object.fromEntries(takes.map((step, i) => ['abc'[i], `${step}.value`])),
      ...(file === undefined ? {} : { file: `${file}.file` }),
    },
    ...retryOf(sketch),
  };
};

const stepOf = (sketch: StepSketch): StepDefinition => {
  const { does, when, after, each, until } = sketch;
  return {
    ...(does === 'approval' ? { approval: { by: ['alice'], withinMs: 3_600_000 } } : taskOf(sketch)),
    ...(after ? { after } : {}),
    ...(when ? { when: condition(when) } : {}),
    ...(each
      ? {
          foreach: {
            items: `\${{ [${each.items.map(item).join(', ')}] }}`,
            ...(each.atOnce === undefined ? {} : { concurrency: each.atOnce }),
          },
        }
      : {}),
    ...(until ? { until: { condition: `outputs.value.n >= ${until.atLeast}`, max: until.max } } : {}),
  };
};

const phase = (name: 'onFailure' | 'finally', steps: StepSketch[]): { [phase: string]: Steps } =>
  steps.length === 0 ? {} : { [name]: stepsIn(steps) };

const stepsIn = (steps: StepSketch[]): Steps =>
  Object.fromEntries(steps.map((step) => [step.name, stepOf(step)]));

/** A sketch in the language of pipelines. */
export const definitionOf = (sketch: Sketch): PipelineDefinition => {
  const { name, main, onFailure, concurrency, schedule, trigger } = sketch;
  return {
    name,
    params: { x: { type: 'integer', default: 0 } },
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(schedule
      ? {
          schedule: {
            cron: `*/${schedule.everySeconds} * * * * *`,
            catchUp: 'all',
            params: { x: schedule.x },
          },
        }
      : {}),
    ...(trigger
      ? {
          triggers: [
            {
              subject: trigger.subject,
              when: `event.data.x % ${trigger.unlessDivisibleBy} != 0`,
              params: { x: '${{ event.data.x }}' },
            },
          ],
        }
      : {}),
    steps: stepsIn(main),
    ...phase('onFailure', onFailure),
    ...phase('finally', sketch.finally),
  };
};
