import { openArtifactStore } from '@millrace/artifacts';
import { DomainError, type ArtifactRef } from '@millrace/contracts';
import { temporaryDirectory, type TemporaryDirectory } from '@millrace/testing';
import {
  Component,
  type ComponentResult,
  type PipelineComponent,
  type TaskContext,
} from './descriptor/component.js';
import { runComponent } from './run-component.js';
import { Add, Wait } from './test-components.fixture.js';

@Component({
  name: 'test.upper',
  version: '1.0.0',
  description: 'Upper case.',
  inputs: { text: { type: 'file' }, maybe: { type: 'file', optional: true } },
  outputs: { text: { type: 'file' } },
  params: {},
  deterministic: true,
  timeoutMs: 1_000,
})
class Upper implements PipelineComponent {
  async run({ artifacts, input, inputs }: TaskContext): Promise<ComponentResult> {
    if ('maybe' in inputs) input('missing');
    const text = await artifacts.get(input('text'));
    return { outputs: { text: await artifacts.put(text.toString().toUpperCase(), { type: 'file' }) } };
  }
}

@Component({
  name: 'test.join',
  version: '1.0.0',
  description: 'Many texts as one, and each of its letters by itself.',
  inputs: { texts: { type: 'file', many: true }, more: { type: 'file', many: true, optional: true } },
  outputs: { text: { type: 'file' }, letters: { type: 'file', many: true } },
  params: {},
  deterministic: true,
  timeoutMs: 1_000,
})
class Join implements PipelineComponent {
  async run({ artifacts, input, inputList }: TaskContext): Promise<ComponentResult> {
    const all = [...inputList('texts'), ...inputList('more')];
    if (all.length === 0) input('texts');
    const texts = await Promise.all(all.map(async (ref) => (await artifacts.get(ref)).toString()));
    const letters = [...texts.join('')].map((letter) => artifacts.put(letter, { type: 'file' }));
    const text = await artifacts.put(texts.join(''), { type: 'file' });
    return { outputs: { text, letters: await Promise.all(letters) } };
  }
}

describe('runComponent', () => {
  let directory: TemporaryDirectory;
  beforeAll(async () => void (directory = await temporaryDirectory()));
  afterAll(() => directory[Symbol.asyncDispose]());

  it('gives what the component gives, and what it said on the way', async () => {
    const artifacts = openArtifactStore(directory.path);
    const run = await runComponent(new Add(), { artifacts, params: { a: 1 } });
    expect(run).toMatchObject({ outputs: { sum: 41 }, metrics: { one: 1, none: 2 } });
    expect(run.progress.at(-1)).toEqual({ fraction: 1 });
    expect(run.log).toEqual([{ level: 'info', message: 'adding 1' }]);
  });

  it('reads and writes artifacts', async () => {
    const artifacts = openArtifactStore(directory.path);
    const text = await artifacts.put('abc', { type: 'file' });
    const { outputs } = await runComponent(new Upper(), { artifacts, inputs: { text } });
    expect((await artifacts.get(outputs['text'] as typeof text)).toString()).toBe('ABC');
    await expect(
      runComponent(new Upper(), { artifacts, inputs: { text, maybe: text } }),
    ).rejects.toMatchObject({
      message: 'inputs.missing: is not given',
    });
  });

  it('takes and gives lists of artifacts', async () => {
    const artifacts = openArtifactStore(directory.path);
    const texts = await Promise.all(['a', 'bc'].map((text) => artifacts.put(text, { type: 'file' })));
    const { outputs } = await runComponent(new Join(), { artifacts, inputs: { texts } });
    expect((await artifacts.get(outputs['text'] as ArtifactRef)).toString()).toBe('abc');
    expect(outputs['letters']).toHaveLength(3);
    const wrong = (inputs: Parameters<typeof runComponent>[1]['inputs'], message: string) =>
      expect(runComponent(new Join(), { artifacts, inputs: inputs! })).rejects.toMatchObject({
        code: 'invalid_request',
        message,
      });
    await wrong({ texts: texts[0]! }, 'inputs.texts: must be a list of file');
    await wrong({ texts: [] }, 'inputs.texts: is a list: inputList gives it');
  });

  it('throws what the task would have failed with', async () => {
    const artifacts = openArtifactStore(directory.path);
    await expect(runComponent(new Add(), { artifacts })).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(
      runComponent(new Add(), { artifacts, params: { a: 1, how: 'plain' } }),
    ).rejects.toMatchObject({
      code: 'internal',
      cause: expect.any(TypeError),
    });
  });

  it('ends with the reason of its signal', async () => {
    const artifacts = openArtifactStore(directory.path);
    const reason = new DomainError('cancelled', 'enough');
    const inputs = { data: { type: 'dataset' as const, digest: `sha256:${'0'.repeat(64)}`, size: 1 } };
    await expect(
      runComponent(new Wait(), { artifacts, inputs, signal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason);
  });
});
