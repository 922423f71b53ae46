import type { Tensor } from '../tensor.js';

/** Bytes that a tensor takes in binary form. */
export const binarySize = ({ data }: Tensor): number =>
  Array.isArray(data) ? data.reduce((sum, text) => sum + 4 + Buffer.byteLength(text), 0) : data.byteLength;

/** Writes a tensor's elements as `readElements` reads them. Returns the offset after them. */
export const writeElements = ({ data }: Tensor, out: Buffer, offset: number): number => {
  if (!Array.isArray(data)) {
    out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    return offset + data.byteLength;
  }
  for (const text of data) {
    const length = out.write(text, offset + 4);
    out.writeUInt32LE(length, offset);
    offset += 4 + length;
  }
  return offset;
};
