import { differences } from './differences.js';

const ref = (digit: string, size = 1) => ({
  type: 'dataset' as const,
  digest: `sha256:${digit.repeat(64)}`,
  size,
});

describe('differences', () => {
  it('are none where everything that counts is the same', () => {
    const basis = (size: number) => ({
      version: '1.0.0',
      params: { a: { x: 1, y: [2] } },
      inputs: { data: ref('a', size) },
    });
    expect(differences(basis(1), basis(2))).toEqual([]);
  });

  it('name each, also what is there on one side only, shortened', () => {
    const now = { version: '2.0.0', params: { a: 'x'.repeat(500), only: 1 }, inputs: { data: ref('a') } };
    const before = { version: '1.0.0', params: { a: 'y' }, inputs: { data: ref('b'), gone: null } };
    const found = differences(now, before);
    expect(found.map(({ what }) => what)).toEqual([
      'version',
      'params.a',
      'params.only',
      'inputs.data',
      'inputs.gone',
    ]);
    expect(found[1]?.now).toHaveLength(201);
    expect(found[2]).toEqual({ what: 'params.only', now: '1' });
    expect(found[4]).toEqual({ what: 'inputs.gone', before: 'null' });
  });
});
