import type { MsgHdrs } from '@nats-io/transport-node';

// A header line ends at CR LF: a value that holds one would smuggle in another header.
const lineBreak = /[\r\n]/;

/**
 * Headers that are only ever sent: names as they are, values with line breaks replaced by spaces. nats.js asks nothing
 * of them but `encode()` (an integration test holds it to that), and its own `MsgHdrs` costs several times as much.
 */
export const rawHeaders = (entries: Record<string, string | undefined>): MsgHdrs | undefined => {
  let block = '';
  for (const name in entries) {
    const value = entries[name];
    if (value !== undefined)
      block += `${name}: ${lineBreak.test(value) ? value.replaceAll(/[\r\n]+/g, ' ') : value}\r\n`;
  }
  if (block === '') return undefined;
  const bytes = Buffer.from(`NATS/1.0\r\n${block}\r\n`);
  return { encode: () => bytes } as unknown as MsgHdrs;
};
