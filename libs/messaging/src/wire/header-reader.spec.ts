import type { Msg } from '@nats-io/transport-node';
import { HeaderReader } from './header-reader.js';

const block = 'NATS/1.0\r\nA: 1\r\nAB: 2\r\nEmpty:\r\nName:  with spaces \r\nUmlaut: ü✓\r\nA: second\r\n\r\n';
const message = (hdr: number, bytes: Uint8Array): Msg => ({ _rdata: bytes, _msg: { hdr } }) as unknown as Msg;
const withHeaders = (): HeaderReader => {
  const bytes = Buffer.concat([
    Buffer.from('before'),
    Buffer.from(block),
    Buffer.from('B: body\r\n'),
  ]).subarray(6);
  return new HeaderReader(message(Buffer.byteLength(block), bytes));
};

describe('HeaderReader', () => {
  it.each([
    ['A', '1'],
    ['AB', '2'],
    ['Empty', undefined],
    ['Name', 'with spaces'],
    ['Umlaut', 'ü✓'],
    ['a', undefined],
    ['B', undefined],
    ['NATS/1.0', undefined],
  ])('%s', (name, value) => expect(withHeaders().get(name)).toBe(value));

  it('finds nothing in a message without headers', () => {
    expect(new HeaderReader(message(-1, Buffer.from('\r\nA: 1\r\n'))).get('A')).toBeUndefined();
  });

  it("falls back on the client's own headers", () => {
    const other = { headers: { get: (name: string) => (name === 'A' ? '1' : '') } } as unknown as Msg;
    expect([new HeaderReader(other).get('A'), new HeaderReader(other).get('B')]).toEqual(['1', undefined]);
  });
});
