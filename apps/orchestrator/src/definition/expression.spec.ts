import { parseTemplate, referencesIn, resolve, type Reference } from './expression.js';

const values: Record<string, unknown> = { 'params.n': 3, 'params.s': 'x', 'steps.a.outputs.v': { k: [1] } };
const lookup = (reference: Reference) =>
  values[
    reference.kind === 'param'
      ? `params.${reference.name}`
      : reference.kind === 'output'
        ? `steps.${reference.step}.outputs.${reference.port}`
        : ''
  ] as never;

describe('expressions', () => {
  it.each([
    ['${{ params.n }}', 3],
    ['${{params.n}}', 3],
    ['${{ steps.a.outputs.v }}', { k: [1] }],
    ['rows=${{ params.n }} of ${{ params.s }}', 'rows=3 of x'],
    ['${{ params.s }}${{ params.n }}', 'x3'],
    ['v: ${{ steps.a.outputs.v }}', 'v: {"k":[1]}'],
    ['$ { no } {{ expression }}', '$ { no } {{ expression }}'],
    ['', ''],
    [
      { deep: ['${{ params.n }}', { a: '${{ params.s }}' }], n: 1, none: null },
      { deep: [3, { a: 'x' }], n: 1, none: null },
    ],
  ])('%j resolves to %j', (text, value) => {
    expect(resolve(text, lookup)).toEqual(value);
  });

  it.each([
    ['${{ params.x', /has no }}$/],
    ['${{}}', /^'' is no CEL: /],
    ['${{ 1 + }}', /^'1 \+' is no CEL: .* \(at character 4\)$/],
    ['${{ secrets["warehouse"] }}', /stands alone/],
    ['${{ secrets.warehouse + "x" }}', /stands alone/],
    ['${{ secrets.-x }}', /is no CEL/],
  ])('%j is malformed', (text, message) => {
    expect(parseTemplate(text)).toEqual([
      { kind: 'malformed', text: expect.any(String), message: expect.stringMatching(message) },
    ]);
  });

  it('takes anything else as CEL', () => {
    expect(parseTemplate('${{ params.n * 2 }}')).toMatchObject([{ kind: 'cel', text: 'params.n * 2' }]);
    expect(parseTemplate('${{ secrets.a-b }}')).toEqual([{ kind: 'secret', name: 'a-b' }]);
  });

  it('says where each reference stands', () => {
    expect(referencesIn({ a: ['x', '${{ params.n }}'] })).toEqual([
      { path: ['a', 1], reference: { kind: 'param', name: 'n' }, whole: true },
    ]);
  });

  it('takes time in proportion to a hostile text', () => {
    const text = '${{ '.repeat(100_000);
    const began = performance.now();
    parseTemplate(text);
    parseTemplate(`\${{${' '.repeat(400_000)}`);
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});
