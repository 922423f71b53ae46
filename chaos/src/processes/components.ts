import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import {
  Component,
  type ComponentResult,
  type PipelineComponent,
  type TaskContext,
} from '@millrace/component';
import { DomainError, type ComponentDescriptor } from '@millrace/contracts';
import { crasher } from '../faults/crash-points.js';
import { Lines, type Effect } from '../ledger/ledger.js';
import type { ChaosValue } from '../ledger/rows.js';
import { textNumber } from '../workload/expected.js';

const effects = new Lines<Effect>(process.env['CHAOS_EFFECTS'] ?? '/dev/null');
export const crash = crasher(process.env['CHAOS_CRASH']);

interface Params {
  value: number;
  ms: number;
  times: number;
}

const number = { type: 'integer', default: 0 };
const describe = (name: string, more: Partial<ComponentDescriptor> = {}): ComponentDescriptor => ({
  name: `chaos.${name}`,
  version: '1.0.0',
  description: 'For fault tests.',
  inputs: {
    a: { type: 'value', optional: true },
    b: { type: 'value', optional: true },
    c: { type: 'value', optional: true },
  },
  outputs: { value: { type: 'value' } },
  params: {
    type: 'object',
    additionalProperties: false,
    properties: { value: number, ms: number, times: number },
  },
  deterministic: false,
  timeoutMs: 600_000,
  ...more,
});

/** Adds up what it is given, and tells the log outside before it tells anybody else. */
const addUp = ({ task, params, inputs }: TaskContext<Params>, more = 0): ComponentResult => {
  const given = ['a', 'b', 'c'].flatMap((port) => (inputs[port] as ChaosValue | undefined) ?? []);
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
    at: Date.now(),
    pid: process.pid,
  });
  crash('effect written');
  return { outputs: { value: { n, execution } } };
};

@Component(describe('add'))
export class Add implements PipelineComponent<Params> {
  run(context: TaskContext<Params>): Promise<ComponentResult> {
    return Promise.resolve(addUp(context));
  }
}

/** Takes its time, so that something can happen meanwhile. */
@Component(describe('slow'))
export class Slow implements PipelineComponent<Params> {
  async run(context: TaskContext<Params>): Promise<ComponentResult> {
    await wait(context.params.ms, undefined, { signal: context.signal });
    return addUp(context);
  }
}

/** Succeeds when it has failed often enough. */
@Component(describe('flaky'))
export class Flaky implements PipelineComponent<Params> {
  run(context: TaskContext<Params>): Promise<ComponentResult> {
    if (context.task.attempt <= context.params.times) throw new DomainError('unavailable', 'not yet');
    return Promise.resolve(addUp(context));
  }
}

/** Fails for good, whoever tries. */
@Component(describe('poison'))
export class Poison implements PipelineComponent<Params> {
  run(): Promise<ComponentResult> {
    throw new DomainError('data_invalid', 'poison');
  }
}

/** Takes its worker along, every time. */
@Component(describe('deadly'))
export class Deadly implements PipelineComponent<Params> {
  run(): Promise<ComponentResult> {
    process.kill(process.pid, 'SIGKILL');
    return new Promise(() => undefined);
  }
}

/** The same file for the same text: may come from the cache. */
@Component(
  describe('write', {
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

@Component(describe('read', { inputs: { ...describe('').inputs, file: { type: 'file' } } }))
export class Read implements PipelineComponent<Params> {
  async run(context: TaskContext<Params>): Promise<ComponentResult> {
    const text = await context.artifacts.get(context.input('file'), { maxBytes: 1_000 });
    return addUp(context, textNumber(text.toString()));
  }
}
