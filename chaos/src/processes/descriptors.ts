import type { ComponentDescriptor } from '@millrace/contracts';

const number = { type: 'integer', default: 0 };

/** What the components of fault tests have in common. */
export const describeComponent = (
  name: string,
  more: Partial<ComponentDescriptor> = {},
): ComponentDescriptor => ({
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
    properties: {
      ...{ value: number, ms: number, times: number },
      code: { type: 'string', default: 'unavailable' },
      previous: { type: ['object', 'null'], default: null },
    },
  },
  deterministic: false,
  timeoutMs: 600_000,
  ...more,
});

export const addDescriptor = describeComponent('add');
