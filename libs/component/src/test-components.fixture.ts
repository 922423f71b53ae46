import { DomainError, type ComponentDescriptor } from '@millrace/contracts';
import {
  Component,
  type ComponentResult,
  type PipelineComponent,
  type TaskContext,
} from './descriptor/component.js';

const descriptor = (name: string, more: Partial<ComponentDescriptor> = {}): ComponentDescriptor => ({
  name,
  version: '1.0.0',
  description: name,
  inputs: {},
  outputs: { sum: { type: 'value', schema: { type: 'number' } } },
  params: {
    properties: {
      a: { type: 'number' },
      b: { type: 'number', default: 40 },
      how: { enum: ['right', 'text', 'nothing', 'nan', 'domain', 'plain', 'huge'], default: 'right' },
    },
    required: ['a'],
  },
  deterministic: true,
  timeoutMs: 60_000,
  ...more,
});

interface AddParams {
  a: number;
  b: number;
  how: string;
}

/** Adds two numbers, or goes wrong in the way that it is told to. */
@Component(descriptor('test.add'))
export class Add implements PipelineComponent<AddParams> {
  runs = 0;

  async run({ params, progress, log }: TaskContext<AddParams>): Promise<ComponentResult> {
    this.runs++;
    log('info', `adding ${params.a}`);
    for (let i = 1; i <= 1_000; i++) progress(i / 1_000);
    if (params.how === 'text') return { outputs: { sum: 'many' } };
    if (params.how === 'nothing') return undefined as unknown as ComponentResult;
    if (params.how === 'huge') return { outputs: { sum: 1, text: 'x' } };
    if (params.how === 'domain') throw new DomainError('data_invalid', 'bad rows', { details: { rows: 3 } });
    if (params.how === 'plain') throw new TypeError('a mistake');
    return {
      outputs: { sum: params.a + params.b },
      metrics: { one: 1, none: params.how === 'nan' ? NaN : 2 },
    };
  }
}

/** Works until it is told to stop, and heeds the signal or not. */
@Component(
  descriptor('test.wait', {
    inputs: { data: { type: 'dataset' }, hint: { type: 'value', optional: true } },
    outputs: {},
    params: { properties: { deaf: { type: 'boolean', default: false } } },
  }),
)
export class Wait implements PipelineComponent<{ deaf: boolean }> {
  begun: string[] = [];
  private readonly finishing = new Set<() => void>();

  async run({ task, params, signal }: TaskContext<{ deaf: boolean }>): Promise<ComponentResult> {
    this.begun.push(task.step);
    await new Promise<void>((resolve, reject) => {
      this.finishing.add(resolve);
      if (!params.deaf) signal.addEventListener('abort', () => reject(new Error('stopped half-way')));
    });
    return { outputs: {} };
  }

  finish(): void {
    for (const resolve of this.finishing) resolve();
    this.finishing.clear();
  }
}

/** Gives back more than a message can carry. */
@Component(descriptor('test.large', { params: {}, outputs: { text: { type: 'value' } } }))
export class Large implements PipelineComponent {
  run(): Promise<ComponentResult> {
    return Promise.resolve({ outputs: { text: 'x'.repeat(2_000_000) } });
  }
}
