import type { DomainError } from '@millrace/contracts';
import fc from 'fast-check';
import { compileInterface } from './model-interface.js';
import { parseInferRequest } from './parse-infer-request.js';

const model = compileInterface({
  inputs: [
    { name: 'mass', datatype: 'FP32', shape: [-1, 1], column: 'number' },
    { name: 'island', datatype: 'BYTES', shape: [-1, 1], column: 'string' },
    { name: 'at', datatype: 'INT64', shape: [-1, 1], column: 'timestamp' },
  ],
  outputs: [{ name: 'label', datatype: 'INT64', shape: [-1] }],
});
const mass = { name: 'mass', datatype: 'FP32', shape: [2, 1], data: [1.5, 2] };
const island = { name: 'island', datatype: 'BYTES', shape: [2, 1], data: ['Dream', 'Biscoe'] };
const at = { name: 'at', datatype: 'INT64', shape: [2, 1], data: [0, -1] };
const withMass = (change: object) => ({ inputs: [{ ...mass, ...change }, island, at] });
const withAt = (data: string) =>
  JSON.stringify({ inputs: [mass, island, { ...at, data: '@' }] }).replace('"@"', data);

describe('any body', () => {
  const outcome = (text: string): string => {
    try {
      parseInferRequest(Buffer.from(text), { get: () => undefined }, model, {
        maxBodyBytes: 5_000_000,
        maxRows: 100,
      });
      return 'read';
    } catch (error) {
      return (error as DomainError).code;
    }
  };
  const classified = (text: string): void =>
    expect(['read', 'invalid_request', 'payload_too_large']).toContain(outcome(text));

  it('is read or refused by name', () => {
    const leaf = fc.oneof(
      fc.constantFrom('mass', 'island', 'at', 'FP32', 'BYTES', 'INT64', 1, 2, -1, null),
      fc.jsonValue(),
    );
    const tensor = fc.record(
      {
        name: leaf,
        datatype: leaf,
        shape: fc.oneof(leaf, fc.array(leaf)),
        data: fc.oneof(leaf, fc.array(leaf)),
      },
      { requiredKeys: [] },
    );
    const request = fc.record(
      { inputs: fc.oneof(leaf, fc.array(fc.oneof(tensor, leaf))), id: leaf, outputs: leaf },
      { requiredKeys: [] },
    );
    fc.assert(fc.property(fc.oneof(request, fc.jsonValue()), (value) => classified(JSON.stringify(value))));
    fc.assert(fc.property(fc.string({ unit: 'binary' }), classified));
  });

  it.each([
    ['brackets alone', '['.repeat(1_000_000)],
    ['deep data', withAt(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)],
    [
      'deep shape',
      JSON.stringify(withMass({ shape: '@' })).replace(
        '"@"',
        `[1,${'['.repeat(100_000)}${']'.repeat(100_000)}]`,
      ),
    ],
    [
      'deep data beside an exact integer',
      withAt(`[1234567890123456789,${'['.repeat(100_000)}${']'.repeat(100_000)}]`),
    ],
    [
      'deep parameters beside an exact integer',
      withAt(`[1234567890123456789,1],"parameters":${'['.repeat(100_000)}${']'.repeat(100_000)}`),
    ],
  ])('with %s does not exhaust the stack', (_, text) => classified(text));
});
