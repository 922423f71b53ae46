import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { DomainError, InvalidRequest } from '@millrace/contracts';

export const contentEncodings = ['gzip', 'deflate'] as const;
export type ContentEncoding = (typeof contentEncodings)[number];

const gunzip = promisify(zlib.gunzip);
const inflate = promisify(zlib.inflate);
const inflateRaw = promisify(zlib.inflateRaw);
const compressors = { gzip: promisify(zlib.gzip), deflate: promisify(zlib.deflate) };

const field = 'Content-Encoding';

/**
 * A body as it was before it was compressed. Never more than `maxBytes` are made of it, however little was sent.
 * @param encoding The header `Content-Encoding`: gzip, deflate (RFC 1950, or raw as some clients send it), identity
 * @throws DomainError `payload_too_large` that names the limit, `unsupported` for another encoding; InvalidRequest
 */
export const inflateBody = async (
  body: Uint8Array,
  encoding: string,
  maxBytes: number,
): Promise<Uint8Array> => {
  const name = encoding.trim().toLowerCase();
  if (name === 'identity') return body;
  if (name !== 'gzip' && name !== 'deflate')
    throw new DomainError(
      'unsupported',
      `${field} must be one of ${contentEncodings.join(', ')}, not ${JSON.stringify(name.slice(0, 40))}`,
    );
  try {
    return await decompressor(name, body)(body, { maxOutputLength: maxBytes });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw new DomainError(
        'payload_too_large',
        `the body has more than the limit of ${maxBytes} bytes when it is no longer compressed`,
        { details: { limit: maxBytes }, cause },
      );
    const message = `the body is not ${name}: ${(cause as Error).message}`;
    throw new InvalidRequest([{ field, message }]);
  }
};

/** RFC 1950 begins with a byte whose low half is 8, and its first two are a multiple of 31. */
const decompressor = (encoding: ContentEncoding, [first = 0, second = 0]: Uint8Array) => {
  if (encoding === 'gzip') return gunzip;
  return (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0 ? inflate : inflateRaw;
};

/** The first of what a caller accepts (`Accept-Encoding`) that is there; undefined = as it is. */
export const acceptedEncoding = (header: string | undefined): ContentEncoding | undefined => {
  for (const part of (header ?? '').toLowerCase().split(',')) {
    const [name, ...parameters] = part.split(';').map((text) => text.trim());
    const refused = parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
    const known = contentEncodings.find((encoding) => encoding === name);
    if (known && !refused) return known;
  }
  return undefined;
};

/** Fast rather than small: more effort costs more than the wire. */
export const compressBody = (body: Uint8Array, encoding: ContentEncoding): Promise<Uint8Array> =>
  compressors[encoding](body, { level: zlib.constants.Z_BEST_SPEED });
