import { noParameters, readParameters } from './call-parameters.js';

it('are what the protocol and Triton call them; what is not known is kept', () => {
  expect(readParameters(undefined)).toBe(noParameters);
  const sent = {
    priority: 2,
    timeout: 1_500,
    routing_key: 'user-7',
    binary_data_output: true,
    sequence_id: 4,
    sequence_start: true,
    explain: true,
    mine: 'x',
  };
  expect(readParameters(sent)).toEqual({
    priority: 2,
    timeoutUs: 1_500,
    routingKey: 'user-7',
    binaryOutputs: true,
    explain: true,
    all: sent,
  });
});

it.each<[unknown, string, string]>([
  [null, 'parameters', 'must be an object, not null'],
  [[], 'parameters', 'must be an object, not an array of 0'],
  ['x', 'parameters', 'must be an object, not "x"'],
  [{ a: { b: 1 } }, 'parameters.a', 'must be a string, a number or a boolean, not an object'],
  [{ a: null }, 'parameters.a', 'not null'],
  [{ ['n'.repeat(200)]: 1 }, `parameters.${'n'.repeat(64)}…`, 'has a name of more than 128'],
  [{ a: 'x'.repeat(1_025) }, 'parameters.a', 'at most 1024'],
  [{ a: '\ud800' }, 'parameters.a', 'whole Unicode characters'],
  [Object.fromEntries(Array.from({ length: 65 }, (_, i) => [i, i])), 'parameters', 'has 65 entries'],
  [{ priority: -1 }, 'parameters.priority', 'must be an integer from 0 to 4294967295, not -1'],
  [{ priority: '1' }, 'parameters.priority', 'not "1"'],
  [{ timeout: 1.5 }, 'parameters.timeout', 'must be an integer'],
  [{ timeout: 2 ** 60 }, 'parameters.timeout', 'must be an integer'],
  [{ routing_key: 7 }, 'parameters.routing_key', 'must be a string of 1 to 256'],
  [{ routing_key: '' }, 'parameters.routing_key', 'must be a string of 1 to 256'],
  [{ binary_data_output: 0 }, 'parameters.binary_data_output', 'must be true or false, not 0'],
])('%j are refused', (value, field, message) => {
  expect(() => readParameters(value)).toThrow(
    expect.objectContaining({
      code: 'invalid_request',
      details: { fields: [{ field, message: expect.stringContaining(message) }] },
    }),
  );
});

it('may be named like a property of every object', () => {
  const { all, routingKey } = readParameters(JSON.parse('{"__proto__":1,"constructor":"c"}'));
  expect([Object.keys(all), routingKey]).toEqual([['__proto__', 'constructor'], undefined]);
});
