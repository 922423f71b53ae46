import { setTimeout as wait } from 'node:timers/promises';
import {
  Component,
  type ComponentResult,
  type PipelineComponent,
  type TaskContext,
} from '@millrace/component';
import { DomainError, type ArtifactRef, type ComponentDescriptor } from '@millrace/contracts';

/** What the components below did, outside of the system under test. */
export interface Effect {
  run: string;
  step: string;
  token: number;
  attempt: number;
  what: 'done' | 'begun' | 'aborted';
  at: number;
}

export const effects: Effect[] = [];
export const effectsOf = (run: string, what: Effect['what'] = 'done'): Effect[] =>
  effects.filter((effect) => effect.run === run && effect.what === what);

const note = (
  { run, step, token, attempt }: Pick<Effect, 'run' | 'step' | 'token' | 'attempt'>,
  what: Effect['what'],
) => void effects.push({ run, step, token, attempt, what, at: performance.now() });

const describe = (name: string, more: Partial<ComponentDescriptor> = {}): ComponentDescriptor => ({
  name,
  version: '1.0.0',
  description: name,
  inputs: {},
  outputs: { value: { type: 'value' } },
  params: { type: 'object' },
  deterministic: false,
  timeoutMs: 60_000,
  ...more,
});

/** Gives back what it is given: the param `value`, or the sum of it and its inputs. */
@Component(
  describe('test.add', {
    inputs: { a: { type: 'value', optional: true }, b: { type: 'value', optional: true } },
    params: {
      type: 'object',
      additionalProperties: false,
      properties: { value: { type: 'number', default: 1 } },
    },
  }),
)
export class Add implements PipelineComponent<{ value: number }> {
  run({ task, params, inputs, log }: TaskContext<{ value: number }>): Promise<ComponentResult> {
    note(task, 'done');
    if (params.value < 0) log('warn', `adding ${params.value}`);
    return Promise.resolve({
      outputs: { value: params.value + Number(inputs['a'] ?? 0) + Number(inputs['b'] ?? 0) },
      metrics: { value: params.value },
    });
  }
}

/** Stores a text as a file of a dataset. Always the same for the same text. */
@Component(
  describe('test.write', {
    outputs: { dataset: { type: 'dataset' } },
    params: { type: 'object', required: ['text'], properties: { text: { type: 'string' } } },
    deterministic: true,
  }),
)
export class Write implements PipelineComponent<{ text: string }> {
  async run({ task, params, artifacts }: TaskContext<{ text: string }>): Promise<ComponentResult> {
    note(task, 'done');
    const artifact = await artifacts.put(params.text, { type: 'file' });
    const manifest = { kind: 'dataset', columns: [], rows: 1, files: [{ artifact, rows: 1 }], lineage: {} };
    return { outputs: { dataset: await artifacts.putJson(manifest, { type: 'dataset' }) } };
  }
}

/** Gives a dataset that is another one with something written behind its text. Always the same for the same. */
@Component(
  describe('test.copy', {
    inputs: { dataset: { type: 'dataset' } },
    outputs: { dataset: { type: 'dataset' } },
    params: { type: 'object', required: ['suffix'], properties: { suffix: { type: 'string' } } },
    deterministic: true,
  }),
)
export class Copy implements PipelineComponent<{ suffix: string }> {
  async run({ task, params, input, artifacts }: TaskContext<{ suffix: string }>): Promise<ComponentResult> {
    note(task, 'done');
    const manifest = await artifacts.getJson<Manifest>(input('dataset'));
    const text = (await artifacts.get(manifest.files[0]!.artifact)).toString() + params.suffix;
    const artifact = await artifacts.put(text, { type: 'file' });
    const copy = { ...manifest, files: [{ artifact, rows: 1 }] };
    return {
      outputs: { dataset: await artifacts.putJson(copy, { type: 'dataset' }) },
      metrics: { length: text.length },
    };
  }
}

type Manifest = { files: { artifact: ArtifactRef }[] };

/** Gives a dataset of each word of another one, whatever that holds. */
@Component(
  describe('test.words', {
    inputs: { dataset: { type: 'dataset' } },
    outputs: { words: { type: 'dataset', many: true } },
    deterministic: true,
  }),
)
export class Words implements PipelineComponent {
  async run({ task, input, artifacts }: TaskContext): Promise<ComponentResult> {
    note(task, 'done');
    const manifest = await artifacts.getJson<Manifest>(input('dataset'));
    const text = (await artifacts.get(manifest.files[0]!.artifact)).toString();
    const words = text.split(' ').map(async (word) => {
      const artifact = await artifacts.put(word, { type: 'file' });
      return artifacts.putJson({ ...manifest, files: [{ artifact, rows: 1 }] }, { type: 'dataset' });
    });
    return { outputs: { words: await Promise.all(words) } };
  }
}

/** Gives the texts of many datasets as one. */
@Component(
  describe('test.join', {
    inputs: { datasets: { type: 'dataset', many: true } },
    outputs: { dataset: { type: 'dataset' }, text: { type: 'value' } },
    deterministic: true,
  }),
)
export class Join implements PipelineComponent {
  async run({ task, inputList, artifacts }: TaskContext): Promise<ComponentResult> {
    note(task, 'done');
    const texts = await Promise.all(
      inputList('datasets').map(async (ref) => {
        const { files } = await artifacts.getJson<Manifest>(ref);
        return (await artifacts.get(files[0]!.artifact)).toString();
      }),
    );
    const text = texts.join(' ');
    const artifact = await artifacts.put(text, { type: 'file' });
    const manifest = { kind: 'dataset', columns: [], rows: 1, files: [{ artifact, rows: 1 }], lineage: {} };
    return { outputs: { text, dataset: await artifacts.putJson(manifest, { type: 'dataset' }) } };
  }
}

/** Fails as often as it is told to, and in the way that it is told to. */
@Component(
  describe('test.fail', {
    params: {
      type: 'object',
      properties: { times: { type: 'integer', default: 1 }, retryable: { type: 'boolean', default: true } },
    },
  }),
)
export class Fail implements PipelineComponent<{ times: number; retryable: boolean }> {
  run({ task, params }: TaskContext<{ times: number; retryable: boolean }>): Promise<ComponentResult> {
    note(task, 'begun');
    if (task.attempt <= params.times)
      throw new DomainError('internal', `attempt ${task.attempt} fails`, { retryable: params.retryable });
    note(task, 'done');
    return Promise.resolve({ outputs: { value: task.attempt } });
  }
}

/** Needs a password, and says it wherever it can. */
@Component(
  describe('test.login', {
    params: {
      type: 'object',
      required: ['password'],
      properties: { password: {}, fail: { type: 'boolean', default: false } },
    },
    deterministic: true,
  }),
)
export class Login implements PipelineComponent<{ password: string; fail: boolean }> {
  run({ params, log, progress }: TaskContext<{ password: string; fail: boolean }>): Promise<ComponentResult> {
    log('info', `logging in with ${params.password}`);
    progress(0.5, { message: `as ${Buffer.from(params.password).toString('base64')}` });
    if (params.fail)
      throw new DomainError('unavailable', `no access with ${params.password}`, { retryable: false });
    return Promise.resolve({ outputs: { value: params.password.length } });
  }
}

/** What a test makes a `test.talk` say and do, by run. */
export const talkers = new Map<string, { say: (message: string) => void; end: () => void }>();

/** Says what it is told to, until it is told to end. */
@Component(describe('test.talk'))
export class Talk implements PipelineComponent<object> {
  async run({ task, log, signal }: TaskContext<object>): Promise<ComponentResult> {
    await new Promise<void>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      talkers.set(task.run, { say: (message) => log('info', message), end: resolve });
    });
    talkers.delete(task.run);
    return { outputs: { value: 1 } };
  }
}

/** Takes its time, and stops when it is told to. */
@Component(
  describe('test.wait', {
    inputs: { a: { type: 'value', optional: true } },
    params: { type: 'object', properties: { ms: { type: 'integer' } } },
  }),
)
export class Wait implements PipelineComponent<{ ms: number }> {
  async run({ task, params, signal }: TaskContext<{ ms: number }>): Promise<ComponentResult> {
    note(task, 'begun');
    await wait(params.ms, undefined, { signal }).catch((error: unknown) => {
      note(task, 'aborted');
      throw error;
    });
    note(task, 'done');
    return { outputs: { value: params.ms } };
  }
}
