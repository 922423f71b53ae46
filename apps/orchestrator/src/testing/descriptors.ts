import type { ComponentDescriptor } from '@millrace/contracts';

const describe = (
  name: string,
  inputs: ComponentDescriptor['inputs'],
  outputs: ComponentDescriptor['outputs'],
  more: Partial<ComponentDescriptor> = {},
): ComponentDescriptor => ({
  name,
  version: '1.0.0',
  description: name,
  inputs,
  outputs,
  params: { type: 'object' },
  deterministic: true,
  timeoutMs: 60_000,
  ...more,
});

/** A small catalogue with every kind of port, for tests. */
export const descriptors: readonly ComponentDescriptor[] = [
  describe(
    'data.import',
    {},
    { dataset: { type: 'dataset' } },
    {
      deterministic: false,
      params: {
        type: 'object',
        required: ['source'],
        additionalProperties: false,
        properties: {
          source: { type: 'string', minLength: 1 },
          rows: { type: 'integer', minimum: 1, default: 1000 },
        },
      },
    },
  ),
  describe(
    'data.split',
    { dataset: { type: 'dataset' } },
    { train: { type: 'dataset' }, test: { type: 'dataset' } },
  ),
  describe(
    'model.fit',
    { train: { type: 'dataset' }, test: { type: 'dataset', optional: true } },
    { model: { type: 'model' } },
    {
      params: {
        type: 'object',
        additionalProperties: false,
        properties: { l2: { type: 'number', default: 1 }, label: { type: 'string' } },
      },
    },
  ),
  describe(
    'model.register',
    { model: { type: 'model' } },
    { version: { type: 'value' } },
    { deterministic: false },
  ),
  describe(
    'data.concat',
    { parts: { type: 'dataset', many: true }, more: { type: 'dataset', many: true, optional: true } },
    { dataset: { type: 'dataset' } },
  ),
  describe(
    'data.partition',
    { dataset: { type: 'dataset' } },
    {
      parts: { type: 'dataset', many: true },
      names: { type: 'value', schema: { type: 'array' } },
    },
  ),
  describe('test.take', { value: { type: 'value' } }, { value: { type: 'value' } }),
  describe('test.any', {}, { value: { type: 'value' } }),
];

export const findDescriptor = (name: string): ComponentDescriptor | undefined =>
  descriptors.find((descriptor) => descriptor.name === name);
