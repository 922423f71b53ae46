import type { Msg } from '@nats-io/transport-node';

/** Where nats.js keeps what came over the wire. */
interface Received {
  _rdata?: Uint8Array;
  _msg?: { hdr?: number };
}

/**
 * Reads single headers of a received message. nats.js decodes all of them into a map of lists, which costs more than the
 * rest of a small request; here the block is read as text once and searched. Should nats.js keep its bytes elsewhere
 * some day, its own headers are used (a test tells).
 */
export class HeaderReader {
  private readonly block: string | undefined;

  constructor(private readonly message: Msg) {
    this.block = blockOf(message as Received);
  }

  /** The first header of that name, spelled as sent; undefined where there is none or it is empty. */
  get(name: string): string | undefined {
    if (this.block === undefined) return this.message.headers?.get(name) || undefined;
    const start = this.block.indexOf(`\r\n${name}:`);
    if (start < 0) return undefined;
    const from = start + name.length + 3;
    return this.block.slice(from, this.block.indexOf('\r\n', from)).trim() || undefined;
  }
}

/** The header block as text; empty when the message has none; undefined when it isn't where we look. */
export const blockOf = ({ _rdata: bytes, _msg: parsed }: Received): string | undefined => {
  const length = parsed?.hdr;
  if (length === undefined) return undefined;
  if (length <= 0) return '';
  if (!(bytes instanceof Uint8Array)) return undefined;
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, length);
  return buffer.toString('utf8', 0, length);
};
