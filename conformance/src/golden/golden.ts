import type { Datatype } from '@millrace/contracts';

/** Elements of one datatype, each as JSON writes it and as its bytes, little-endian, in hexadecimal. */
export interface Golden {
  datatype: Datatype;
  elements: readonly (readonly [json: string, hex: string])[];
  /** What only the binary form has words for. */
  binaryOnly: readonly string[];
}

/**
 * Written down from the definitions of the formats (two's complement, IEEE 754-2019 binary16, binary32 and binary64), not
 * computed by the code that is tested: the ends of each range, and what is easily lost on the way.
 */
export const golden: readonly Golden[] = [
  {
    datatype: 'BOOL',
    elements: [
      ['true', '01'],
      ['false', '00'],
    ],
    binaryOnly: [],
  },
  {
    datatype: 'UINT8',
    elements: [
      ['0', '00'],
      ['1', '01'],
      ['128', '80'],
      ['255', 'ff'],
    ],
    binaryOnly: [],
  },
  {
    datatype: 'UINT16',
    elements: [
      ['0', '0000'],
      ['258', '0201'],
      ['65535', 'ffff'],
    ],
    binaryOnly: [],
  },
  {
    datatype: 'UINT32',
    elements: [
      ['0', '00000000'],
      ['16909060', '04030201'],
      ['4294967295', 'ffffffff'],
    ],
    binaryOnly: [],
  },
  {
    datatype: 'UINT64',
    elements: [
      ['0', '0000000000000000'],
      ['9007199254740993', '0100000000002000'],
      ['18446744073709551615', 'ffffffffffffffff'],
    ],
    binaryOnly: [],
  },
  {
    datatype: 'INT8',
    elements: [
      ['-128', '80'],
      ['-1', 'ff'],
      ['0', '00'],
      ['127', '7f'],
    ],
    binaryOnly: [],
  },
  {
    datatype: 'INT16',
    elements: [
      ['-32768', '0080'],
      ['-2', 'feff'],
      ['32767', 'ff7f'],
    ],
    binaryOnly: [],
  },
  {
    datatype: 'INT32',
    elements: [
      ['-2147483648', '00000080'],
      ['-2', 'feffffff'],
      ['2147483647', 'ffffff7f'],
    ],
    binaryOnly: [],
  },
  {
    datatype: 'INT64',
    elements: [
      ['-9223372036854775808', '0000000000000080'],
      ['-9007199254740993', 'ffffffffffffdfff'],
      ['9223372036854775807', 'ffffffffffffff7f'],
    ],
    binaryOnly: [],
  },
  {
    datatype: 'FP16',
    elements: [
      ['0', '0000'],
      ['-0.0', '0080'],
      ['-1.5', '00be'],
      ['65504', 'ff7b'],
      ['0.00006103515625', '0004'],
      ['5.960464477539063e-8', '0100'],
      ['0.0999755859375', '662e'],
    ],
    binaryOnly: ['007c', '00fc', '007e'],
  },
  {
    datatype: 'FP32',
    elements: [
      ['0', '00000000'],
      ['-0.0', '00000080'],
      ['-1.5', '0000c0bf'],
      ['3.4028234663852886e38', 'ffff7f7f'],
      ['1.1754943508222875e-38', '00008000'],
      ['1.401298464324817e-45', '01000000'],
      ['0.10000000149011612', 'cdcccc3d'],
    ],
    binaryOnly: ['0000807f', '000080ff', '0000c07f'],
  },
  {
    datatype: 'FP64',
    elements: [
      ['0', '0000000000000000'],
      ['-0.0', '0000000000000080'],
      ['-1.5', '000000000000f8bf'],
      ['1.7976931348623157e308', 'ffffffffffffef7f'],
      ['2.2250738585072014e-308', '0000000000001000'],
      ['5e-324', '0100000000000000'],
      ['0.1', '9a9999999999b93f'],
    ],
    binaryOnly: ['000000000000f07f', '000000000000f0ff', '000000000000f87f'],
  },
  {
    datatype: 'BYTES',
    elements: [
      ['""', '00000000'],
      ['"a"', '0100000061'],
      ['"\u00e4\u20ac"', '05000000c3a4e282ac'],
      ['"\ud83d\ude00"', '04000000f09f9880'],
      ['"\\"\\\\\\n"', '03000000225c0a'],
      ['"\ufffd"', '03000000efbfbd'],
    ],
    binaryOnly: [],
  },
];

/** BYTES that are no text: a server hands them through unaltered, or says that it cannot. */
export const bytesThatAreNoText: readonly string[] = [
  '01000000ff',
  '0200000061ff',
  '0300000061006 2'.replace(' ', ''),
  '02000000c328',
];
