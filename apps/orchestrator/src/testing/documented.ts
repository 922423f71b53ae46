import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ComponentDescriptor } from '@millrace/contracts';

/** The YAML examples of docs/pipelines.md, by the heading that they stand below. */
export const examples = (): { heading: string; yaml: string }[] => {
  const text = readFileSync(resolve(import.meta.dirname, '../../../../docs/pipelines.md'), 'utf8');
  return text.split(/^## /m).flatMap((section) =>
    [...section.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, yaml = '']) => ({
      heading: section.split('\n')[0] ?? '',
      yaml,
    })),
  );
};

const describe = (
  name: string,
  more: Partial<ComponentDescriptor>,
  params: ComponentDescriptor['params'] = {},
): ComponentDescriptor => ({
  name,
  version: '1.0.0',
  description: name,
  inputs: {},
  outputs: { value: { type: 'value' } },
  params: { type: 'object', additionalProperties: false, properties: params },
  deterministic: true,
  timeoutMs: 10_000,
  ...more,
});

/** The components that the examples speak of. */
export const documented: readonly ComponentDescriptor[] = [
  describe('files.list', {
    outputs: {
      names: { type: 'value', schema: { type: 'array' } },
      count: { type: 'value', schema: { type: 'integer' } },
    },
  }),
  describe(
    'files.load',
    { outputs: { dataset: { type: 'dataset' } } },
    { source: { type: 'string' }, rows: { type: 'integer' }, password: { type: 'string' } },
  ),
  describe(
    'model.fit',
    {
      inputs: { train: { type: 'dataset' } },
      outputs: { model: { type: 'model' }, score: { type: 'value', schema: { type: 'object' } } },
    },
    { from: {}, seed: { type: 'integer' } },
  ),
  describe('model.merge', {
    inputs: { models: { type: 'model', many: true } },
    outputs: { model: { type: 'model' } },
  }),
  describe(
    'mail.send',
    { deterministic: false },
    { text: {}, to: { type: 'string' }, half: { type: 'number' }, tags: { type: 'array' } },
  ),
];
