import { headerNames } from '@millrace/contracts';

/** A request or answer as it is sent: JSON, raw tensors behind it, and the header that says where they begin. */
export const binaryBody = (
  json: unknown,
  ...tensors: Uint8Array[]
): { body: Buffer; headers: Record<string, string> } => {
  const head = Buffer.from(JSON.stringify(json));
  return {
    body: Buffer.concat([head, ...tensors]),
    headers: { [headerNames.inferenceHeaderLength]: String(head.length) },
  };
};

/** Its parts again: the JSON, and by output the raw bytes. */
export const splitBinaryBody = <T extends { outputs: { name: string; parameters?: object }[] }>(
  data: Uint8Array,
  headerLength: string | undefined,
): { json: T; raw: Record<string, Buffer> } => {
  const end = headerLength === undefined ? data.length : Number(headerLength);
  const body = Buffer.from(data.buffer, data.byteOffset, data.length);
  const json = JSON.parse(body.toString('utf8', 0, end)) as T;
  const raw: Record<string, Buffer> = {};
  let at = end;
  for (const { name, parameters } of json.outputs) {
    const size = (parameters as { binary_data_size?: number } | undefined)?.binary_data_size;
    if (size === undefined) continue;
    raw[name] = body.subarray(at, at + size);
    at += size;
  }
  if (at !== body.length) throw new Error(`${body.length - at} bytes belong to no output`);
  return { json, raw };
};

/** BYTES in binary: `<u32 length><bytes>` each. */
export const bytesTensor = (...elements: (string | Uint8Array)[]): Buffer =>
  Buffer.concat(
    elements.flatMap((element) => {
      const bytes = Buffer.from(element as string);
      const length = Buffer.alloc(4);
      length.writeUInt32LE(bytes.length);
      return [length, bytes];
    }),
  );

/** The bytes of an array, as they lie in memory. */
export const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
