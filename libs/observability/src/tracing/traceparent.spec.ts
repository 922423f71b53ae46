import fc from 'fast-check';
import { childOf, formatTraceparent, parseTraceparent } from './traceparent.js';

const valid = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'; // the specification's example

describe('parseTraceparent', () => {
  it("reads the specification's example and writes it back", () => {
    const context = parseTraceparent(valid)!;
    expect(context).toEqual({
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      spanId: '00f067aa0ba902b7',
      sampled: true,
    });
    expect(formatTraceparent(context)).toBe(valid);
  });

  it('reads a later version with more fields', () => {
    expect(parseTraceparent(`01${valid.slice(2)}-what-comes`)).toBeDefined();
  });

  it.each([
    ['nothing', undefined],
    ['empty', ''],
    ['version ff', `ff${valid.slice(2)}`],
    ['version 00 with more fields', `${valid}-more`],
    ['upper case', valid.toUpperCase()],
    ['zero trace', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
    ['zero span', `00-4bf92f3577b34da6a3ce929d0e0e4736-${'0'.repeat(16)}-01`],
    ['a newline', `${valid}\n`],
    ['very long', `01${valid.slice(2)}-${'x'.repeat(10_000)}`],
  ])('refuses %s', (_, header) => expect(parseTraceparent(header)).toBeUndefined());

  it('never throws, whatever the header', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseTraceparent(text)));
  });
});

describe('childOf', () => {
  it("stays in the parent's trace with a span of its own and its sampling decision", () => {
    const parent = { ...parseTraceparent(valid)!, sampled: false };
    const child = childOf(parent);
    expect(child).toMatchObject({ traceId: parent.traceId, sampled: false });
    expect(child.spanId).not.toBe(parent.spanId);
  });

  it('makes unique, valid, sampled roots', () => {
    const roots = Array.from({ length: 2_000 }, () => formatTraceparent(childOf(undefined)));
    expect(new Set(roots).size).toBe(roots.length);
    expect(roots.every((root) => parseTraceparent(root)?.sampled)).toBe(true);
  });
});
