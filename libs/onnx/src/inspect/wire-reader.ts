import { isUtf8 } from 'node:buffer';
import { DomainError } from '@millrace/contracts';

/** One field of a protobuf message as it stands on the wire. */
export type WireField =
  | { number: number; kind: 'varint'; value: bigint }
  | { number: number; kind: 'fixed'; bytes: Uint8Array }
  | { number: number; kind: 'bytes'; bytes: Uint8Array };

export const refuse = (reason: string, cause?: unknown): never => {
  throw new DomainError('data_invalid', `the model is refused: ${reason}`, { cause });
};

/**
 * The fields of one message, without building anything from them: a decoder would turn a megabyte of packed numbers
 * into a gigabyte of objects before anyone could say no. https://protobuf.dev/programming-guides/encoding/
 * @throws DomainError `data_invalid`
 */
export function* wireFields(message: Uint8Array): Generator<WireField> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = message[at++];
      if (byte === undefined) return refuse('it is cut off inside a number');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    return refuse('it has a number of more than ten bytes');
  };
  const take = (length: number): Uint8Array => {
    if (length > message.length - at) refuse('it is cut off inside a field');
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const tag = Number(varint());
    const number = Math.floor(tag / 8);
    if (!Number.isSafeInteger(tag) || number < 1) refuse('it is no protobuf message');
    switch (tag % 8) {
      case 0:
        yield { number, kind: 'varint', value: varint() };
        break;
      case 1:
        yield { number, kind: 'fixed', bytes: take(8) };
        break;
      case 2: {
        const length = varint();
        yield { number, kind: 'bytes', bytes: take(length > 0xffff_ffffn ? Infinity : Number(length)) };
        break;
      }
      case 5:
        yield { number, kind: 'fixed', bytes: take(4) };
        break;
      default:
        refuse('it is no protobuf message');
    }
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true });
const longestName = 1024;

/** A name: short, valid UTF-8. */
export const readText = (field: WireField, what: string, longest = longestName): string => {
  const bytes = readBytes(field, what);
  if (bytes.length > longest) refuse(`${what} is longer than ${longest} bytes`);
  try {
    return decoder.decode(bytes);
  } catch (error) {
    return refuse(`${what} is not UTF-8`, error);
  }
};

/** A string of any length. ONNX Runtime's binding would put U+FFFD for what is not UTF-8, in answers too. */
export const checkUtf8 = (field: WireField, what: string): void => {
  if (!isUtf8(readBytes(field, what))) refuse(`${what} has a string that is not UTF-8`);
};

export const readBytes = (field: WireField, what: string): Uint8Array =>
  field.kind === 'bytes' ? field.bytes : refuse(`${what} has the wrong wire type`);

export const readInt = (field: WireField, what: string): number => {
  if (field.kind !== 'varint') return refuse(`${what} has the wrong wire type`);
  const value = Number(BigInt.asIntN(64, field.value));
  return Number.isSafeInteger(value) ? value : refuse(`${what} is out of range`);
};

/** Repeated integers: one by one, or packed. */
export const readInts = (field: WireField, what: string, most: number): number[] => {
  if (field.kind === 'varint') return [readInt(field, what)];
  const bytes = readBytes(field, what);
  const values: number[] = [];
  let value = 0n;
  let shift = 0n;
  for (const byte of bytes) {
    value |= BigInt(byte & 0x7f) << shift;
    shift += 7n;
    if (shift > 70n) refuse(`${what} has a number of more than ten bytes`);
    if (byte >= 0x80) continue;
    values.push(readInt({ number: 0, kind: 'varint', value: BigInt.asUintN(64, value) }, what));
    if (values.length > most) refuse(`${what} has more than ${most} entries`);
    [value, shift] = [0n, 0n];
  }
  return values;
};
