import { isUtf8 } from 'node:buffer';
import { InvalidRequest, type Datatype } from '@millrace/contracts';
import { tensorArrays, tensorTypes } from '@millrace/onnx';
import type { TensorData } from '../element-readers.js';
import type { OutputPort } from '../model-interface.js';

const fail = (field: string, port: OutputPort, problem: string): never => {
  throw new InvalidRequest([{ field, message: `input '${port.spec.name}' ${problem}` }]);
};

/**
 * A tensor's elements from its bytes: little-endian, row-major, BOOL one byte, BYTES `<u32 length><bytes>` each. Numbers
 * that lie at a multiple of their size are not copied: the array is a view of the body then.
 * @throws InvalidRequest that names what does not fit
 */
export const readElements = (
  bytes: Uint8Array,
  dims: readonly number[],
  size: number,
  port: OutputPort,
  field: string,
): TensorData => {
  const type = port.spec.datatype as Datatype;
  if (type === 'BYTES') return readTexts(bytes, dims, size, port, field);
  const expected = size * tensorTypes[type].bytes;
  if (bytes.length !== expected)
    fail(field, port, `has ${bytes.length} bytes where its shape [${dims}] of ${type} says ${expected}`);
  if (type === 'BOOL') checkTruth(bytes, port, field);
  return viewOrCopy(bytes, size, type);
};

const viewOrCopy = (bytes: Uint8Array, size: number, type: Exclude<Datatype, 'BYTES'>): TensorData => {
  const ArrayType = tensorArrays[type];
  if (bytes.byteOffset % ArrayType.BYTES_PER_ELEMENT === 0)
    return new ArrayType(bytes.buffer as ArrayBuffer, bytes.byteOffset, size);
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  return new ArrayType(copy.buffer, 0, size);
};

const checkTruth = (bytes: Uint8Array, port: OutputPort, field: string): void => {
  const bad = bytes.findIndex((byte) => byte > 1);
  if (bad >= 0) fail(`${field}[${bad}]`, port, `must be 0 or 1, not ${bytes[bad]}`);
};

const readTexts = (
  bytes: Uint8Array,
  dims: readonly number[],
  size: number,
  port: OutputPort,
  field: string,
): string[] => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const texts = new Array<string>(size);
  let at = 0;
  for (let i = 0; i < size; i++) {
    if (at + 4 > buffer.length)
      fail(field, port, `ends before its element ${i}, where its shape [${dims}] says ${size} elements`);
    const end = at + 4 + buffer.readUInt32LE(at);
    if (end > buffer.length)
      fail(
        `${field}[${i}]`,
        port,
        `says a length of ${end - at - 4} bytes, and ${buffer.length - at - 4} are left`,
      );
    texts[i] = readText(buffer, at + 4, end, port, `${field}[${i}]`);
    at = end;
  }
  if (at < buffer.length)
    fail(
      field,
      port,
      `has ${buffer.length - at} bytes more than the ${size} elements of its shape [${dims}]`,
    );
  return texts;
};

/** One element's bytes, of which ONNX Runtime under Node takes UTF-8 without NUL alone; anything else is refused. */
export const readText = (
  buffer: Buffer,
  start: number,
  end: number,
  port: OutputPort,
  field: string,
): string => {
  const text = buffer.toString('utf8', start, end);
  if (text.includes('\0'))
    fail(field, port, 'has a NUL byte, which ONNX Runtime cannot be handed under Node');
  // Decoding puts U+FFFD for what is no UTF-8. It may as well have been sent.
  if (text.includes('\ufffd') && !isUtf8(buffer.subarray(start, end)))
    fail(field, port, 'is not UTF-8, and ONNX Runtime can be handed nothing else under Node');
  return text;
};
