import { InvalidRequest } from '@millrace/contracts';
import type { Int64, InferTensorContents } from './infer-messages.js';

type ContentsField = keyof InferTensorContents;

/** How the elements of a datatype are written in its field of `InferTensorContents`, and in raw form: little-endian. */
interface ElementType {
  field: ContentsField;
  /** Of an element in raw form. */
  bytes: number;
  write(out: Buffer, value: never, at: number): void;
  read(raw: Buffer, at: number): unknown;
  /** Where the field can hold more than the datatype. */
  range?: readonly [min: number, max: number];
}

const integer = (bytes: number, range?: readonly [number, number]): ElementType => ({
  field: 'int_contents',
  bytes,
  write: (out, value, at) => out.writeIntLE(value, at, bytes),
  read: (raw, at) => raw.readIntLE(at, bytes),
  ...(range ? { range } : {}),
});

const unsigned = (bytes: number, range?: readonly [number, number]): ElementType => ({
  field: 'uint_contents',
  bytes,
  write: (out, value, at) => out.writeUIntLE(value, at, bytes),
  read: (raw, at) => raw.readUIntLE(at, bytes),
  ...(range ? { range } : {}),
});

const long = (field: ContentsField): ElementType => ({
  field,
  bytes: 8,
  write: (out, { low, high }: Int64, at) => {
    out.writeInt32LE(low, at);
    out.writeInt32LE(high, at + 4);
  },
  read: (raw, at) => ({ low: raw.readInt32LE(at), high: raw.readInt32LE(at + 4), unsigned: false }),
});

/** FP16 and BF16 have no field: they are only ever sent raw. BYTES is told apart: its elements differ in length. */
const elementTypes: ReadonlyMap<string, ElementType> = new Map<string, ElementType>([
  [
    'BOOL',
    {
      field: 'bool_contents',
      bytes: 1,
      write: (out, value, at) => (out[at] = value ? 1 : 0),
      read: (raw, at) => raw[at] === 1,
    },
  ],
  ['INT8', integer(1, [-128, 127])],
  ['INT16', integer(2, [-32_768, 32_767])],
  ['INT32', integer(4)],
  ['INT64', long('int64_contents')],
  ['UINT8', unsigned(1, [0, 255])],
  ['UINT16', unsigned(2, [0, 65_535])],
  ['UINT32', unsigned(4)],
  ['UINT64', long('uint64_contents')],
  [
    'FP32',
    {
      field: 'fp32_contents',
      bytes: 4,
      write: (out, value, at) => out.writeFloatLE(value, at),
      read: (raw, at) => raw.readFloatLE(at),
    },
  ],
  [
    'FP64',
    {
      field: 'fp64_contents',
      bytes: 8,
      write: (out, value, at) => out.writeDoubleLE(value, at),
      read: (raw, at) => raw.readDoubleLE(at),
    },
  ],
]);

const fields: readonly ContentsField[] = [
  'bool_contents',
  'int_contents',
  'int64_contents',
  'uint_contents',
  'uint64_contents',
  'fp32_contents',
  'fp64_contents',
  'bytes_contents',
];

export const hasContents = (datatype: string): boolean => datatype === 'BYTES' || elementTypes.has(datatype);

/**
 * Typed contents in raw form; whether there are as many as the shape says is seen where they are read.
 * @param path for messages, e.g. `inputs[0].contents`
 * @throws InvalidRequest for elements in another datatype's field, or beyond what the datatype holds
 */
export const toRaw = (contents: InferTensorContents, datatype: string, path: string): Buffer => {
  const type = elementTypes.get(datatype);
  const field = datatype === 'BYTES' ? 'bytes_contents' : type?.field;
  if (!field)
    throw new InvalidRequest([
      { field: path, message: `has no field for '${datatype.slice(0, 20)}': send it in raw_input_contents` },
    ]);
  for (const other of fields)
    if (other !== field && contents[other].length > 0)
      throw new InvalidRequest([
        { field: `${path}.${other}`, message: `is not for ${datatype}, which is in ${field}` },
      ]);
  return type
    ? elementsToRaw(contents[field], type, datatype, `${path}.${field}`)
    : textsToRaw(contents.bytes_contents);
};

const elementsToRaw = (
  values: readonly unknown[],
  { bytes, write, range }: ElementType,
  datatype: string,
  path: string,
): Buffer => {
  const raw = Buffer.allocUnsafe(values.length * bytes);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as never;
    if (range && (value < range[0] || value > range[1]))
      throw new InvalidRequest([{ field: `${path}[${i}]`, message: `${String(value)} is no ${datatype}` }]);
    write(raw, value, i * bytes);
  }
  return raw;
};

const textsToRaw = (texts: readonly Buffer[]): Buffer => {
  const raw = Buffer.allocUnsafe(texts.reduce((sum, { length }) => sum + 4 + length, 0));
  let at = 0;
  for (const text of texts) {
    at = raw.writeUInt32LE(text.length, at);
    at += text.copy(raw, at);
  }
  return raw;
};

/** The reverse, for a datatype that has contents. */
export const fromRaw = (raw: Buffer, datatype: string): Record<string, unknown[]> => {
  const type = elementTypes.get(datatype);
  if (!type) return { bytes_contents: textsFromRaw(raw) };
  const values: unknown[] = [];
  for (let at = 0; at < raw.length; at += type.bytes) values.push(type.read(raw, at));
  return { [type.field]: values };
};

const textsFromRaw = (raw: Buffer): Buffer[] => {
  const texts: Buffer[] = [];
  for (let at = 0; at < raw.length;) {
    const start = at + 4;
    at = start + raw.readUInt32LE(at);
    texts.push(raw.subarray(start, at));
  }
  return texts;
};
