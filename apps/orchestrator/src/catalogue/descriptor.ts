import { artifactTypes, type ComponentDescriptor } from '@millrace/contracts';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { assertParamsSchema } from '../definition/params-schema.js';

const port = {
  type: 'object',
  required: ['type'],
  properties: {
    type: { enum: [...artifactTypes, 'value'] },
    schema: { type: 'object' },
    many: { type: 'boolean' },
    optional: { type: 'boolean' },
    description: { type: 'string', maxLength: 2000 },
  },
  not: { required: ['many'], properties: { type: { const: 'value' }, many: { const: true } } },
};
const ports = {
  type: 'object',
  maxProperties: 100,
  propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9]{0,62}$' },
  additionalProperties: port,
};

const validate = new Ajv2020({ strict: false }).compile<ComponentDescriptor>({
  type: 'object',
  required: ['name', 'version', 'description', 'inputs', 'outputs', 'params', 'deterministic', 'timeoutMs'],
  properties: {
    name: { type: 'string', maxLength: 128, pattern: '^[a-z][a-z0-9-]*(\\.[a-z][a-z0-9-]*)+$' },
    version: {
      type: 'string',
      maxLength: 64,
      pattern: '^\\d+\\.\\d+\\.\\d+(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?$',
    },
    description: { type: 'string', maxLength: 10_000 },
    inputs: ports,
    outputs: ports,
    params: { type: 'object' },
    deterministic: { type: 'boolean' },
    timeoutMs: { type: 'integer', minimum: 1, maximum: 604_800_000 },
  },
});

/** What somebody says a component is. @returns why it is refused, or the descriptor */
export const readDescriptor = (value: unknown): ComponentDescriptor | string => {
  if (!validate(value)) {
    const [error] = validate.errors ?? [];
    return `${error?.instancePath || 'descriptor'} ${error?.message ?? 'is wrong'}`;
  }
  try {
    assertParamsSchema(value);
  } catch (error) {
    return String((error as Error).message);
  }
  return value;
};
