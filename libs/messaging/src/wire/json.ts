const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** UTF-8 JSON bytes → value. An empty body is an empty object, so that `nats req subject ''` calls what needs no input. */
export const decodeJson = (bytes: Uint8Array): unknown =>
  bytes.length === 0 ? {} : (JSON.parse(decoder.decode(bytes)) as unknown);

/** Value → UTF-8 JSON bytes; `undefined` is an empty object. */
export const encodeJson = (value: unknown): Uint8Array =>
  encoder.encode(value === undefined ? '{}' : JSON.stringify(value));
