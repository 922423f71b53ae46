const decoder = new TextDecoder();

/** UTF-8 JSON bytes → value. An empty body is an empty object, so that `nats req subject ''` calls what needs no input. */
export const decodeJson = (bytes: Uint8Array): unknown =>
  bytes.length === 0 ? {} : (JSON.parse(decoder.decode(bytes)) as unknown);

/** Value → UTF-8 JSON bytes; `undefined` is an empty object. (`Buffer.from` is three times as fast as a TextEncoder.) */
export const encodeJson = (value: unknown): Uint8Array =>
  Buffer.from(value === undefined ? '{}' : JSON.stringify(value));
