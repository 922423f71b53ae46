import { datatypes } from '@millrace/contracts';
import { golden } from './golden.js';
import { dataIn, elementsIn, sameElement } from './same-values.js';

it.each([
  ['[1,2]', ['1', '2']],
  ['[[1.5], [ -2e3 ]]', ['1.5', '-2e3']],
  ['["a,]", "\\"b"]', ['"a,]"', '"\\"b"']],
  ['[9223372036854775807]', ['9223372036854775807']],
  ['[]', []],
])('reads %s without reading numbers', (text, elements) => {
  expect(elementsIn(text)).toEqual(elements);
});

it('finds the data of a response', () => {
  expect(dataIn('{"outputs":[{"name":"y","data" : [["]"],[1]],"shape":[2]}]}')).toBe('[["]"],[1]]');
  expect(() => dataIn('{"outputs":[]}')).toThrow('no data');
});

it.each([
  ['INT64', '9007199254740993', '9007199254740992', false],
  ['FP32', '0.1', '0.10000000149011612', true],
  ['FP32', '0.10000001', '0.1', false],
  ['FP64', '-0.0', '0', false],
  ['FP16', '6e-8', '5.960464477539063e-8', true],
  ['FP16', '0.1', '0.0999755859375', true],
  ['FP16', '0.1001', '0.0999755859375', false],
  ['FP16', '0', '-0.0', false],
  ['BYTES', '"\\u0061"', '"a"', true],
  ['BOOL', 'true', 'false', false],
] as const)('of %s, is %s %s: %s', (datatype, said, expected, same) => {
  expect(sameElement(datatype, said, expected)).toBe(same);
});

it('has golden elements of every datatype, whose bytes are its size', () => {
  const sizes: Record<string, number> = { BOOL: 1, FP16: 2, FP32: 4, FP64: 8 };
  expect(golden.map(({ datatype }) => datatype)).toEqual(datatypes);
  for (const { datatype, elements, binaryOnly } of golden.filter((one) => one.datatype !== 'BYTES')) {
    const size = sizes[datatype] ?? Number(/\d+/.exec(datatype)![0]) / 8;
    for (const hex of [...elements.map(([, bytes]) => bytes), ...binaryOnly])
      expect([datatype, hex.length]).toEqual([datatype, 2 * size]);
  }
});
