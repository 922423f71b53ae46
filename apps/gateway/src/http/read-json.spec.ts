import { thrownBy } from '@millrace/testing';
import { readJson, requireJson } from './read-json.js';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('a JSON body', () => {
  it('is an object, or nothing', () => {
    expect(readJson(bytes('{"a":[1,"ä"]}'))).toEqual({ a: [1, 'ä'] });
    expect(readJson(bytes(''))).toEqual({});
  });

  it.each([
    ['an array', '[1]', 'body', 'must be a JSON object'],
    ['a number', '1', 'body', 'must be a JSON object'],
    ['null', 'null', 'body', 'must be a JSON object'],
    ['half a document', '{"a":', 'body', 'is not JSON'],
    ['NaN', '{"a":NaN}', 'body', 'is not JSON'],
    ['a prototype', '{"__proto__":{"x":1}}', 'body', 'is not JSON'],
    ['an escaped prototype', '{"\\u005f_proto__":{"x":1}}', 'body', 'is not JSON'],
    ['a prototype by way of the constructor', '{"constructor":{"prototype":{"x":1}}}', 'body', 'is not JSON'],
    ['a number beyond a double', '{"a":[{"b":1e999}]}', 'a[0].b', 'beyond'],
    ['a lone surrogate', '{"a":{"b":["x","\\ud800"]}}', 'a.b[1]', 'lone surrogate'],
    ['a name with a lone surrogate', '{"a":{"\\udc00":1}}', 'a', 'lone surrogate'],
  ])('is not %s', (_, text, field, message) => {
    const { code, details } = thrownBy(() => readJson(bytes(text)));
    expect(code).toBe('invalid_request');
    expect(details?.fields).toEqual([{ field, message: expect.stringContaining(message) as string }]);
  });

  it('is UTF-8', () => {
    expect(thrownBy(() => readJson(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d))).message).toBe(
      'body: is not UTF-8',
    );
  });

  it('is not nested without end', () => {
    const nested = (depth: number) => bytes(`{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`);
    expect(readJson(nested(63))).toHaveProperty('a');
    expect(thrownBy(() => readJson(nested(64))).message).toContain('nested deeper than 64 levels');
    expect(thrownBy(() => readJson(nested(400_000))).message).toContain('nested deeper than 64 levels');
  });
});

describe('the headers of a JSON body', () => {
  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON;charset="UTF-8"',
    'application/merge-patch+json',
  ])('may say %s', (type) => {
    expect(() => requireJson({ 'content-type': type })).not.toThrow();
  });

  it.each([
    [{}, "must be application/json, not ''"],
    [{ 'content-type': 'text/plain' }, "not 'text/plain'"],
    [{ 'content-type': 'application/jsonp' }, "not 'application/jsonp'"],
    [{ 'content-type': 'application/json; charset=utf-16' }, "must be UTF-8, not 'utf-16'"],
    [{ 'content-type': 'application/json', 'content-encoding': 'gzip' }, "'gzip' is not supported"],
  ])('may not say %j', (headers, message) => {
    const error = thrownBy(() => requireJson(headers));
    expect(error).toMatchObject({ status: 415, code: 'invalid_request' });
    expect(error.message).toContain(message);
  });
});
