import type { JsonSchema, Port, Task } from '@millrace/contracts';
import { thrownBy } from '@millrace/testing';
import fc from 'fast-check';
import { checkParams } from './check-params.js';
import { portErrors } from './check-ports.js';
import { identityOf, parseTask } from './parse-task.js';

describe('checkParams', () => {
  const schema: JsonSchema = {
    required: ['by'],
    properties: {
      by: { enum: ['time', 'random'] },
      testFraction: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1, default: 0.2 },
      columns: {
        type: 'array',
        items: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
      },
      nested: { type: 'object', default: {}, properties: { seed: { type: 'integer', default: 1 } } },
    },
  };

  it('fills in defaults, deep ones too, in a copy', () => {
    const params = { by: 'time' };
    expect(checkParams(schema, params)).toEqual({ by: 'time', testFraction: 0.2, nested: { seed: 1 } });
    expect(params).toEqual({ by: 'time' });
    const again = checkParams<{ nested: { seed: number } }>(schema, params);
    again.nested.seed = 7;
    expect(checkParams(schema, params)).toMatchObject({ nested: { seed: 1 } });
  });

  it.each<[params: Task['params'], fields: string[]]>([
    [{}, ['params.by']],
    [{ by: 'luck' }, ['params.by']],
    [{ by: 'time', testFraction: 1 }, ['params.testFraction']],
    [{ by: 'time', testFraction: '0.2' }, ['params.testFraction']],
    [
      { by: 'time', columns: [{ name: 'a' }, {}, { name: 1 }] },
      ['params.columns[1].name', 'params.columns[2].name'],
    ],
    [{ by: 'time', 'odd/na~me': 1 }, ['params.odd/na~me']],
    [{ testFraction: 5, more: 1 }, ['params.by', 'params.more', 'params.testFraction']],
    [JSON.parse('{"by":"time","__proto__":{"testFraction":9}}') as Task['params'], ['params.__proto__']],
  ])('refuses %j and names the fields', (params, fields) => {
    const error = thrownBy(() => checkParams(schema, params));
    expect(error.code).toBe('invalid_request');
    expect((error.details?.fields as { field: string }[]).map(({ field }) => field).sort()).toEqual(fields);
  });

  it('says what would be right', () => {
    expect(thrownBy(() => checkParams(schema, { by: 'luck' })).message).toBe(
      'params.by: must be one of ["time","random"]',
    );
  });

  it('reports a few of very many mistakes', () => {
    const params = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`x${i}`, i]));
    expect(thrownBy(() => checkParams(schema, params)).details?.fields).toHaveLength(20);
  });

  it('lets a schema be open if it says so', () => {
    expect(checkParams({ additionalProperties: true }, { a: 1 })).toEqual({ a: 1 });
  });
});

describe('portErrors', () => {
  const ports: { [port: string]: Port } = {
    data: { type: 'dataset' },
    model: { type: 'model', optional: true },
    n: { type: 'value', optional: true, schema: { type: 'object', required: ['version'] } },
    parts: { type: 'dataset', many: true, optional: true },
  };
  const ref = (type: string) => ({ type, digest: `sha256:${'a'.repeat(64)}`, size: 1 });

  it.each<[name: string, values: object, errors: string[]]>([
    ['all right', { data: ref('dataset'), n: { version: 1 } }, []],
    ['one missing', {}, ['inputs.data is required']],
    ['another type', { data: ref('model') }, ['inputs.data must be a dataset, and is a model']],
    [
      'no reference',
      { data: { type: 'dataset', digest: 'md5:1' } },
      ['inputs.data must be a reference to an artifact'],
    ],
    ['null', { data: null }, ['inputs.data must be a reference to an artifact']],
    ['a wrong value', { data: ref('dataset'), n: {} }, ['inputs.n.version is required']],
    ['one too many', { data: ref('dataset'), toString: 1 }, ['inputs.toString is not known']],
    ['many', { data: ref('dataset'), parts: [ref('dataset'), ref('dataset')] }, []],
    ['none of many', { data: ref('dataset'), parts: [] }, []],
    [
      'one for many',
      { data: ref('dataset'), parts: ref('dataset') },
      ['inputs.parts must be a list of dataset'],
    ],
    [
      'wrong ones among many',
      { data: ref('dataset'), parts: [ref('dataset'), ref('model'), null] },
      [
        'inputs.parts[1] must be a dataset, and is a model',
        'inputs.parts[2] must be a reference to an artifact',
      ],
    ],
    ['many for one', { data: [ref('dataset')] }, ['inputs.data must be a reference to an artifact']],
  ])('%s', (_, values, errors) => {
    const found = portErrors('inputs', ports, values as Task['inputs']);
    expect(found.map(({ field, message }) => `${field} ${message}`)).toEqual(errors);
  });
});

describe('parseTask', () => {
  const task: Task = {
    run: 'r',
    step: 's',
    component: 'a.b',
    attempt: 1,
    token: 3,
    idempotencyKey: 'r/s',
    params: {},
    inputs: {},
    deadline: 1,
  };

  it('takes a task', () => {
    expect(parseTask({ ...task, timeoutMs: 5, traceparent: 't' }, 'a.b')).toMatchObject(task);
  });

  it.each<[change: object, message: string]>([
    [{ component: 'c.d' }, 'task.component: must be a.b'],
    [{ run: 'a.b' }, 'task.run'],
    [{ step: '>' }, 'task.step'],
    [{ step: 'a b' }, 'task.step'],
    [{ step: 'a\u0000b' }, 'task.step'],
    [{ token: -1 }, 'task.token'],
    [{ attempt: 0 }, 'task.attempt'],
    [{ deadline: null }, 'task.deadline'],
    [{ more: 1 }, 'task.more: is not known'],
  ])('refuses %j', (change, message) => {
    expect(thrownBy(() => parseTask({ ...task, ...change }, 'a.b')).message).toContain(message);
  });

  it('answers anything at all with a task, an identity or nothing, and no other error', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.boolean(), (value, merge) => {
        const message: unknown = merge && typeof value === 'object' ? { ...task, ...value } : value;
        identityOf(message);
        try {
          parseTask(message, 'a.b');
        } catch (error) {
          expect((error as { code: string }).code).toBe('invalid_request');
        }
      }),
    );
  });

  it('finds out whom an unusable task is about', () => {
    expect(identityOf({ run: 'r', step: 's', token: 3, params: 'x' })).toEqual({
      run: 'r',
      step: 's',
      token: 3,
      attempt: 1,
    });
    expect(identityOf({ run: 'r', step: 's' })).toBeUndefined();
    expect(identityOf(null)).toBeUndefined();
  });
});
