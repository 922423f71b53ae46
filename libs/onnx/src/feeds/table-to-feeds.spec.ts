import type { ModelSignature } from '@millrace/contracts';
import type { Table } from '@millrace/ml';
import { missingTimestamp, type Tensor } from '../tensor/tensor.js';
import { columnsToFeeds } from './columns-to-feeds.js';
import { tableToFeeds } from './table-to-feeds.js';

const shape = [-1, 1];
const signature: ModelSignature = {
  inputs: [
    { name: 'distance', datatype: 'FP32', shape, column: 'number' },
    { name: 'stops', datatype: 'FP32', shape, column: 'integer' },
    { name: 'weekend', datatype: 'FP32', shape, column: 'boolean' },
    { name: 'origin', datatype: 'BYTES', shape, column: 'string' },
    { name: 'date', datatype: 'INT64', shape, column: 'timestamp' },
  ],
  outputs: [],
};
const row = { distance: 400.5, stops: 1, weekend: true, origin: 'ATL', date: '2001-01-01T05:00:00Z' };
const ms = Date.UTC(2001, 0, 1, 5);

it('turns records into one tensor per column', () => {
  const none = { distance: null, stops: null, weekend: null, origin: null, date: null };
  expect(tableToFeeds(signature, [row, none])).toEqual({
    distance: { type: 'FP32', dims: [2, 1], data: Float32Array.of(400.5, NaN) },
    stops: { type: 'FP32', dims: [2, 1], data: Float32Array.of(1, NaN) },
    weekend: { type: 'FP32', dims: [2, 1], data: Float32Array.of(1, NaN) },
    origin: { type: 'BYTES', dims: [2, 1], data: ['ATL', ''] },
    date: { type: 'INT64', dims: [2, 1], data: BigInt64Array.of(BigInt(ms), missingTimestamp) },
  });
});

it.each([
  ['2001-01-01T05:00:00Z', ms],
  ['2001-01-01T05:00:00.000Z', ms],
  ['2001-01-01T05:00', ms],
  ['2001-01-01 05:00:00', ms],
  ['2001-01-01T06:30:00+01:30', ms],
  ['2001-01-01', Date.UTC(2001, 0, 1)],
  ['1969-12-31T23:59:59.999Z', -1],
  [ms, ms],
])('reads the time %s as UTC', (date, expected) => {
  expect(tableToFeeds(signature, [{ ...row, date }])['date']!.data).toEqual(
    BigInt64Array.of(BigInt(expected)),
  );
});

it.each([
  ['a wrong name', { ...row, dest: 'JFK' }, 'rows[1].dest', 'is not an input of the model'],
  ['a missing name', { distance: 1, stops: 1, weekend: true, origin: 'ATL' }, 'rows[1].date', 'is missing'],
  ['a string for a number', { ...row, distance: '400' }, 'rows[1].distance', 'is not a number or null'],
  ['NaN', { ...row, distance: NaN }, 'rows[1].distance', 'is not a number or null'],
  ['a number beyond float32', { ...row, distance: 1e300 }, 'rows[1].distance', 'is out of range'],
  ['a fraction for an integer', { ...row, stops: 1.5 }, 'rows[1].stops', 'is not an integer or null'],
  ['a number for a boolean', { ...row, weekend: 2 }, 'rows[1].weekend', 'is not true, false or null'],
  ['a number for a string', { ...row, origin: 7 }, 'rows[1].origin', 'is not a string or null'],
  [
    'an endless string',
    { ...row, origin: 'x'.repeat(70_000) },
    'rows[1].origin',
    'is longer than 65536 characters',
  ],
  ['half a character', { ...row, origin: 'a\ud800' }, 'rows[1].origin', 'has a lone surrogate'],
  ['a time in words', { ...row, date: 'yesterday' }, 'rows[1].date', 'is not an ISO 8601 time'],
  ['an impossible time', { ...row, date: '2001-13-45' }, 'rows[1].date', 'is not an ISO 8601 time'],
  ['a time beyond integers', { ...row, date: 1e300 }, 'rows[1].date', 'is not an ISO 8601 time'],
  ['a list', [1], 'rows[1]', 'is not an object'],
  ['null', null, 'rows[1]', 'is not an object'],
])('refuses %s, naming row and field', (_, bad, field, message) => {
  expect(() => tableToFeeds(signature, [row, bad as Record<string, unknown>])).toThrow(
    expect.objectContaining({
      code: 'invalid_request',
      details: { fields: [{ field, message: expect.stringContaining(message) }] },
    }),
  );
});

describe('tensors of other kinds', () => {
  const read = (datatype: string, width: number, ...values: unknown[]) => {
    const inputs = [{ name: 'x', datatype, shape: [-1, width] }];
    return tableToFeeds(
      { inputs, outputs: [] },
      values.map((x) => ({ x })),
    )['x'];
  };

  it('take a list per record where a row has several values', () => {
    const dims = [2, 3];
    expect(read('FP32', 3, [1, 2, 3], [4, null, 6])).toEqual({
      type: 'FP32',
      dims,
      data: Float32Array.of(1, 2, 3, 4, NaN, 6),
    });
    expect(read('BYTES', 3, ['a', 'b', 'c'], ['d', 'e', 'f'])).toEqual({
      type: 'BYTES',
      dims,
      data: [...'abcdef'],
    });
  });

  it.each<[string, unknown, Tensor['data']]>([
    ['BOOL', true, Uint8Array.of(1)],
    ['UINT8', 255, Uint8Array.of(255)],
    ['UINT16', 65_535, Uint16Array.of(65_535)],
    ['UINT32', 2 ** 32 - 1, Uint32Array.of(2 ** 32 - 1)],
    ['UINT64', 2 ** 53 - 1, BigUint64Array.of(2n ** 53n - 1n)],
    ['INT8', -128, Int8Array.of(-128)],
    ['INT16', -32_768, Int16Array.of(-32_768)],
    ['INT32', -(2 ** 31), Int32Array.of(-(2 ** 31))],
    ['INT64', -5, BigInt64Array.of(-5n)],
    ['FP16', 0.1, Uint16Array.of(0x2e66)],
    ['FP16', null, Uint16Array.of(0x7e00)],
    ['FP64', 0.1, Float64Array.of(0.1)],
  ])('of %s take %p', (datatype, value, data) => {
    expect(read(datatype, 1, value)).toEqual({ type: datatype, dims: [1, 1], data });
  });

  it.each<[string, number, unknown, string]>([
    ['UINT8', 1, 256, 'rows[0].x: is not an integer from 0 to 255'],
    ['INT32', 1, -(2 ** 31) - 1, 'rows[0].x: is not an integer from -2147483648 to 2147483647'],
    ['INT64', 1, 2 ** 53, 'rows[0].x: is not an integer'],
    ['FP16', 1, 65_520, 'rows[0].x: is out of range'],
    ['FP32', 2, [1], 'rows[0].x: is not a list of 2 values'],
    ['FP32', 2, 1, 'rows[0].x: is not a list of 2 values'],
    ['FP32', 2, [1, [[[[2]]]]], 'rows[0].x[1]: is not a number or null'],
    ['BYTES', 1, 'a\0', 'rows[0].x: has a NUL character'],
  ])('of %s × %d refuse %p', (datatype, width, value, message) => {
    expect(() => read(datatype, width, value)).toThrow(message);
  });

  it('without rows of a fixed size are no records', () => {
    const inputs = [{ name: 'x', datatype: 'FP32', shape: [-1, -1] }];
    expect(() => tableToFeeds({ inputs, outputs: [] }, [{ x: 1 }])).toThrow(
      expect.objectContaining({ code: 'unsupported' }),
    );
  });
});

it('names all mistakes at once, up to twenty', () => {
  const bad = Array.from({ length: 50 }, () => ({ ...row, distance: 'far', origin: 1 }));
  const mistakes = (rows: typeof bad) => {
    try {
      tableToFeeds(signature, rows);
    } catch (error) {
      return (error as { details: { fields: unknown[] } }).details.fields.length;
    }
    return 0;
  };
  expect([mistakes(bad.slice(0, 3)), mistakes(bad)]).toEqual([6, 20]);
});

it.each([
  ['no rows', []],
  ['no list', 'rows' as unknown as []],
  ['too many rows', Array<typeof row>(100_001).fill(row)],
])('refuses %s', (_, rows) => {
  expect(() => tableToFeeds(signature, rows)).toThrow(
    expect.objectContaining({ details: { fields: [expect.objectContaining({ field: 'rows' })] } }),
  );
});

describe('columnsToFeeds', () => {
  const table: Table = {
    rows: 3,
    columns: {
      distance: { kind: 'number', values: Float64Array.of(1, NaN, 3) },
      stops: { kind: 'number', values: Float64Array.of(0, 1, 2) },
      weekend: { kind: 'boolean', values: Float64Array.of(0, 1, NaN) },
      origin: { kind: 'string', values: ['a', null, 'c'] },
      date: { kind: 'timestamp', values: Float64Array.of(ms, NaN, -1) },
    },
  };

  it('gives the same tensors for columns, a range of rows at a time', () => {
    const feeds = columnsToFeeds(signature, table, 1, 3);
    expect(feeds['origin']).toEqual({ type: 'BYTES', dims: [2, 1], data: ['', 'c'] });
    expect(feeds['date']!.data).toEqual(BigInt64Array.of(missingTimestamp, -1n));
    expect(feeds['distance']!.data).toEqual(Float32Array.of(NaN, 3));
  });

  it('refuses a missing column, and one of another type', () => {
    const { origin: _, ...columns } = table.columns;
    expect(() => columnsToFeeds(signature, { rows: 3, columns })).toThrow(
      expect.objectContaining({ code: 'unknown_column', details: { column: 'origin' } }),
    );
    const swapped = { ...table.columns, origin: table.columns['distance']! };
    expect(() => columnsToFeeds(signature, { rows: 3, columns: swapped })).toThrow(
      expect.objectContaining({ code: 'data_invalid', details: { reason: 'column_type', column: 'origin' } }),
    );
  });
});
