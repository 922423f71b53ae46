import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import {
  Component,
  type ComponentResult,
  type PipelineComponent,
  type TaskContext,
} from '@millrace/component';
import { DomainError, type ErrorCode } from '@millrace/contracts';
import { crasher } from '../faults/crash-points.js';
import { Lines, type Effect } from '../ledger/ledger.js';
import { valuesIn, type ChaosValue } from '../ledger/rows.js';
import { isPicked, textNumber } from '../workload/sketch.js';
import { addDescriptor, describeComponent } from './descriptors.js';

const effects = new Lines<Effect>(process.env['CHAOS_EFFECTS'] ?? '/dev/null');
export const crash = crasher(process.env['CHAOS_CRASH']);

interface Params {
  value: number;
  ms: number;
  times: number;
  code: ErrorCode;
  /** Of what is done again and again: what it had before. */
  previous: ChaosValue | null;
}

/** Adds up what it is given, and tells the log outside before it tells anybody else. */
const addUp = (
  { task, params, inputs }: TaskContext<Params>,
  { more = 0, since = Date.now() } = {},
): ComponentResult => {
  const given = [...['a', 'b', 'c'].map((port) => inputs[port]), params.previous].flatMap(valuesIn);
  const n = given.reduce((sum, one) => sum + one.n, params.value + more);
  const execution = randomUUID();
  effects.append({
    run: task.run,
    step: task.step,
    attempt: task.attempt,
    token: task.token,
    execution,
    n,
    given: given.map((one) => one.execution),
    since,
    at: Date.now(),
    pid: process.pid,
  });
  crash('effect written');
  return { outputs: { value: { n, execution } } };
};

@Component(addDescriptor)
export class Add implements PipelineComponent<Params> {
  run(context: TaskContext<Params>): Promise<ComponentResult> {
    return Promise.resolve(addUp(context));
  }
}

/** Takes its time, so that something can happen meanwhile. */
@Component(describeComponent('slow'))
export class Slow implements PipelineComponent<Params> {
  async run(context: TaskContext<Params>): Promise<ComponentResult> {
    const since = Date.now();
    await wait(context.params.ms, undefined, { signal: context.signal });
    return addUp(context, { since });
  }
}

/** As slow; and only a few at once may be out (`componentLimits`). */
@Component(describeComponent('narrow'))
export class Narrow extends Slow {}

/** Succeeds when it has failed often enough. */
@Component(describeComponent('flaky'))
export class Flaky implements PipelineComponent<Params> {
  run(context: TaskContext<Params>): Promise<ComponentResult> {
    const { times, code } = context.params;
    if (context.task.attempt <= times) throw new DomainError(code, 'not yet');
    return Promise.resolve(addUp(context));
  }
}

/** Fails for good with some values. */
@Component(describeComponent('picky'))
export class Picky implements PipelineComponent<Params> {
  run(context: TaskContext<Params>): Promise<ComponentResult> {
    if (isPicked(context.params.value)) throw new DomainError('data_invalid', 'not this one');
    return Promise.resolve(addUp(context));
  }
}

/** Fails for good, whoever tries. */
@Component(describeComponent('poison'))
export class Poison implements PipelineComponent<Params> {
  run(): Promise<ComponentResult> {
    throw new DomainError('data_invalid', 'poison');
  }
}

/** Takes its worker along, every time. */
@Component(describeComponent('deadly'))
export class Deadly implements PipelineComponent<Params> {
  run(): Promise<ComponentResult> {
    process.kill(process.pid, 'SIGKILL');
    return new Promise(() => undefined);
  }
}

/** The same file for the same text: may come from the cache. */
@Component(
  describeComponent('write', {
    inputs: {},
    outputs: { file: { type: 'file' } },
    params: { type: 'object', required: ['text'], properties: { text: { type: 'string' } } },
    deterministic: true,
  }),
)
export class Write implements PipelineComponent<{ text: string }> {
  async run({ params, artifacts }: TaskContext<{ text: string }>): Promise<ComponentResult> {
    return { outputs: { file: await artifacts.put(params.text, { type: 'file' }) } };
  }
}

@Component(describeComponent('read', { inputs: { ...addDescriptor.inputs, file: { type: 'file' } } }))
export class Read implements PipelineComponent<Params> {
  async run(context: TaskContext<Params>): Promise<ComponentResult> {
    const text = await context.artifacts.get(context.input('file'), { maxBytes: 1_000 });
    return addUp(context, { more: textNumber(text.toString()) });
  }
}
