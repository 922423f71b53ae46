import zlib from 'node:zlib';
import { acceptedEncoding, compressBody, contentEncodings, inflateBody } from './compression.js';

const body = Buffer.from('{"inputs":[]}');

it.each<[string, Uint8Array, string]>([
  ['gzip', zlib.gzipSync(body), 'gzip'],
  ['deflate', zlib.deflateSync(body), 'deflate'],
  ['raw deflate', zlib.deflateRawSync(body), 'deflate'],
  ['a name in capitals', zlib.gzipSync(body), ' GZIP '],
  ['what is not compressed', body, 'identity'],
])('reads %s', async (_, bytes, encoding) => {
  expect(Buffer.from(await inflateBody(bytes, encoding, 100))).toEqual(body);
});

it.each(contentEncodings)('writes what it reads, of %s', async (encoding) => {
  expect(Buffer.from(await inflateBody(await compressBody(body, encoding), encoding, body.length))).toEqual(
    body,
  );
});

it.each(contentEncodings)('makes no more of a bomb than the limit, of %s', async (encoding) => {
  const bomb = await compressBody(Buffer.alloc(50_000_000), encoding);
  expect(bomb.length).toBeLessThan(1_000_000);
  await expect(inflateBody(bomb, encoding, 1_000_000)).rejects.toMatchObject({
    code: 'payload_too_large',
    message: expect.stringContaining('the limit of 1000000 bytes'),
    details: { limit: 1_000_000 },
  });
});

it.each<[string, Uint8Array, string]>([
  ['what is not compressed', body, 'gzip'],
  ['what is cut off', zlib.gzipSync(body).subarray(0, -4), 'gzip'],
  ['what was changed', zlib.gzipSync(body).fill(0x55, 12, 16), 'gzip'],
  ['nothing', Buffer.alloc(0), 'gzip'],
  ['nothing', Buffer.alloc(0), 'deflate'],
])('refuses %s', async (_, bytes, encoding) => {
  await expect(inflateBody(bytes, encoding, 100)).rejects.toMatchObject({
    code: 'invalid_request',
    details: {
      fields: [{ field: 'Content-Encoding', message: expect.stringContaining(`is not ${encoding}`) }],
    },
  });
});

it.each(['br', 'gzip, gzip', '', 'x'.repeat(1_000)])('refuses the encoding %j', async (encoding) => {
  await expect(inflateBody(body, encoding, 100)).rejects.toMatchObject({ code: 'unsupported' });
});

it.each([
  [undefined, undefined],
  ['', undefined],
  ['br', undefined],
  ['gzip', 'gzip'],
  ['br, Deflate;q=0.5, gzip', 'deflate'],
  ['gzip;q=0, deflate', 'deflate'],
  ['gzip;q=0.0', undefined],
  ['*', undefined],
])('of %j the caller gets %s', (header, encoding) => {
  expect(acceptedEncoding(header)).toBe(encoding);
});
