import zlib from 'node:zlib';
import { headerNames } from '@millrace/contracts';
import type { RawHandler, RequestContext } from '@millrace/messaging';
import { CompressedBodies } from './compressed-bodies.js';

const contextOf = (headers: Record<string, string>): RequestContext =>
  ({ get: (name: string) => headers[name] }) as unknown as RequestContext;
const gzip = { [headerNames.contentEncoding]: 'gzip' };
const echo: RawHandler = (data) => ({ data, headers: { kept: 'yes' } });
const text = Buffer.from('much the same '.repeat(200));

describe('compressed bodies', () => {
  const ask = async (body: Uint8Array, headers: Record<string, string>, handler = echo) =>
    new CompressedBodies(4_000).around(handler)(body, contextOf(headers));

  it('are read, and answered as they are where nothing else is accepted', async () => {
    expect(await ask(zlib.gzipSync(text), gzip)).toEqual({ data: text, headers: { kept: 'yes' } });
  });

  it('pass by untouched, and at once, where no header speaks of them', () => {
    const result = echo(text, contextOf({}));
    expect(new CompressedBodies(1).around(() => result)(text, contextOf({}))).toBe(result);
  });

  it.each([
    ['gzip', zlib.gunzipSync],
    ['deflate', zlib.inflateSync],
  ])('are answered in %s where that is accepted', async (encoding, inflate) => {
    const { data, headers } = await ask(text, { [headerNames.acceptEncoding]: encoding });
    expect(headers).toEqual({ kept: 'yes', [headerNames.contentEncoding]: encoding });
    expect(data.length).toBeLessThan(text.length / 10);
    expect(inflate(data)).toEqual(text);
  });

  it('are not made of what is short', async () => {
    const short = text.subarray(0, 1_000);
    expect(await ask(short, { [headerNames.acceptEncoding]: 'gzip' })).toEqual({
      data: short,
      headers: { kept: 'yes' },
    });
  });

  it.each([
    ['a bomb', zlib.gzipSync(Buffer.alloc(4_001)), 'gzip', 'payload_too_large'],
    ['what is not compressed', text, 'gzip', 'invalid_request'],
    ['another encoding', text, 'br', 'unsupported'],
  ])('are refused: %s', async (_, body, encoding, code) => {
    await expect(ask(body, { [headerNames.contentEncoding]: encoding })).rejects.toMatchObject({ code });
  });

  it('hold no more memory together than eight of the largest, and all of it is given back', async () => {
    const bodies = new CompressedBodies(4_000);
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    let inWork = 0;
    const slow = bodies.around(async (data) => {
      inWork += data.length;
      await held;
      return { data: Buffer.from(`${data.length}`) };
    });
    const largest = zlib.gzipSync(Buffer.alloc(4_000));
    const all = Array.from({ length: 20 }, async () => slow(largest, contextOf(gzip)));
    const refused = all.map((one) =>
      one.then(
        () => undefined,
        (error: { code: string }) => error.code,
      ),
    );
    let settled = 0;
    await new Promise<void>((resolve) => {
      for (const one of refused) void one.then((code) => code && ++settled === 12 && resolve());
    });
    expect(inWork).toBe(32_000);
    release();
    const codes = await Promise.all(refused);
    expect(codes.filter((code) => code === 'overloaded')).toHaveLength(12);
    expect(codes.filter((code) => code === undefined)).toHaveLength(8);
    expect(await slow(largest, contextOf(gzip))).toEqual({ data: Buffer.from('4000') });
  });
});
