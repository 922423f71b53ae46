import { passedOn } from './passed-on.js';

const of = (headers: Record<string, string>, version?: string) =>
  passedOn(
    Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    version,
  );

it('passes on what predictions know, and nothing else', () => {
  const known = {
    'Inference-Header-Content-Length': '12',
    'Content-Type': 'application/octet-stream',
    'Content-Encoding': 'gzip',
    'Millrace-Model-Version': '3',
    'Millrace-Routing-Key': 'user 7',
  };
  expect(of({ ...known, 'Accept-Encoding': 'br, deflate;q=0.5', Cookie: 'a=b' })).toEqual({
    ...known,
    'Accept-Encoding': 'deflate',
  });
  expect(of({})).toEqual({});
});

it('asks for the version of the path before that of the header', () => {
  expect(of({ 'Millrace-Model-Version': '3' }, '4')).toEqual({ 'Millrace-Model-Version': '4' });
});

it('reads a key as the UTF-8 that it is', () => {
  const sent = Buffer.from('Zo\u00eb').toString('latin1');
  expect(of({ 'Millrace-Routing-Key': sent })).toEqual({ 'Millrace-Routing-Key': 'Zo\u00eb' });
  expect(of({ 'Millrace-Routing-Key': '\u00eb' })).toEqual({ 'Millrace-Routing-Key': '\u00eb' });
});

it.each([
  ['Inference-Header-Content-Length', '-1'],
  ['Inference-Header-Content-Length', '12345678901'],
  ['Millrace-Model-Version', '0'],
  ['Millrace-Model-Version', 'latest'],
  ['Millrace-Routing-Key', ''],
  ['Millrace-Routing-Key', 'x'.repeat(257)],
])('refuses %s: %j', (field, value) => {
  expect(() => of({ [field]: value })).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  expect(() => of({ [field]: value })).toThrow(field);
});
