import type { JsonValue, PipelineDefinition, StepDefinition, Steps } from '@millrace/contracts';
import {
  outcomes,
  portOf,
  stepsOf,
  type Amount,
  type Condition,
  type Sketch,
  type StepSketch,
} from './sketch.js';

/** The port of each step's number. */
type Ports = ReadonlyMap<string, string>;

const amount = (adds: Amount): JsonValue => {
  if (typeof adds === 'number') return adds;
  if (adds === 'x') return '${{ params.x }}';
  if (adds !== 'outcome') return `\${{ ${adds} }}`;
  const { succeeded, failed, cancelled } = outcomes;
  return `\${{ run.status == "succeeded" ? ${succeeded} : run.status == "failed" ? ${failed} : ${cancelled} }}`;
};

const numberOf = (step: string, ports: Ports): string =>
  `steps.${step}.outputs.${ports.get(step) ?? 'value'}.n`;

const condition = (when: Condition, ports: Ports): string => {
  if (when.kind === 'x') return `params.x >= ${when.atLeast}`;
  if (when.kind === 'even') return `${numberOf(when.step, ports)} % 2 == 0`;
  return `steps.${when.step}.status ${when.not ? '!=' : '=='} '${when.as}'`;
};

const item = (of: number | 'x' | { of: string }, ports: Ports): string =>
  typeof of === 'object' ? numberOf(of.of, ports) : of === 'x' ? 'params.x' : String(of);

/** A full disk is no end: it is tried again for longer than any is full. */
const patience = { attempts: 100, backoffMs: 200, maxBackoffMs: 1_000 };

const retryOf = ({ does, fails }: StepSketch): Pick<StepDefinition, 'retry'> => {
  if (does === 'write') return { retry: { ...patience, on: ['storage_full', 'unavailable'] } };
  if (!fails) return {};
  const { attempts, backoffMs, on } = fails;
  return { retry: { attempts, backoffMs, ...(on ? { on } : {}) } };
};

const runOf = ({ adds, runs }: StepSketch): StepDefinition => ({
  pipeline: runs?.of.name ?? '',
  params: { x: amount(adds) },
  ...(runs?.attempts === undefined ? {} : { retry: { attempts: runs.attempts, backoffMs: 50 } }),
  ...(runs?.cached === false ? { cache: false } : {}),
});

const taskOf = (sketch: StepSketch, ports: Ports): StepDefinition => {
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
      ...Object.fromEntries(takes.map((step, i) => ['abc'[i], `${step}.${ports.get(step) ?? 'value'}`])),
      ...(file === undefined ? {} : { file: `${file}.file` }),
    },
    ...retryOf(sketch),
  };
};

/** Longer than any clock jumps: until when somebody may decide is a time of day. */
const approvalMs = 24 * 3_600_000;

const doneBy = (sketch: StepSketch, ports: Ports): StepDefinition => {
  if (sketch.does === 'approval') return { approval: { by: ['alice'], withinMs: approvalMs } };
  return sketch.does === 'run' ? runOf(sketch) : taskOf(sketch, ports);
};

const stepOf = (sketch: StepSketch, ports: Ports): StepDefinition => {
  const { when, after, each, until, priority } = sketch;
  return {
    ...doneBy(sketch, ports),
    ...(priority === undefined ? {} : { priority }),
    ...(after ? { after } : {}),
    ...(when ? { when: condition(when, ports) } : {}),
    ...(each
      ? {
          foreach: {
            items: `\${{ [${each.items.map((one) => item(one, ports)).join(', ')}] }}`,
            ...(each.atOnce === undefined ? {} : { concurrency: each.atOnce }),
          },
        }
      : {}),
    ...(until
      ? { until: { condition: `outputs.${portOf(sketch)}.n >= ${until.atLeast}`, max: until.max } }
      : {}),
  };
};

const phase = (
  name: 'onFailure' | 'finally',
  steps: StepSketch[],
  ports: Ports,
): { [phase: string]: Steps } => (steps.length === 0 ? {} : { [name]: stepsIn(steps, ports) });

const stepsIn = (steps: StepSketch[], ports: Ports): Steps =>
  Object.fromEntries(steps.map((step) => [step.name, stepOf(step, ports)]));

/** A sketch in the language of pipelines. */
export const definitionOf = (sketch: Sketch): PipelineDefinition => {
  const { name, main, onFailure, concurrency, priority, schedule, trigger } = sketch;
  const ports = new Map(stepsOf(sketch).map((step) => [step.name, portOf(step)]));
  return {
    name,
    params: { x: { type: 'integer', default: 0 } },
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(priority === undefined ? {} : { priority }),
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
    steps: stepsIn(main, ports),
    ...phase('onFailure', onFailure, ports),
    ...phase('finally', sketch.finally, ports),
  };
};
