import { DomainError, errorCodes, InvalidRequest, type ErrorCode } from '@millrace/contracts';
import { headers, type MsgHdrs } from '@nats-io/transport-node';
import { errorOf, errorReply } from './error-reply.js';
import { encodeJson } from './json.js';

/** The headers as the other side reads them. */
const received = (sent: MsgHdrs | undefined): MsgHdrs => {
  const [, ...lines] = Buffer.from((sent as unknown as { encode(): Uint8Array }).encode())
    .toString()
    .trimEnd()
    .split('\r\n');
  const read = headers();
  for (const line of lines)
    read.append(line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim());
  return read;
};
const answered = (code: string, message: string): MsgHdrs => {
  const made = headers();
  made.set('Nats-Service-Error-Code', code);
  if (message) made.set('Nats-Service-Error', message);
  return made;
};

describe('errors over the wire', () => {
  it.each(Object.keys(errorCodes) as ErrorCode[])('%s arrives as it was sent', (code) => {
    const error = new DomainError(code, 'why\r\nInjected: 1', { retryable: true, details: { n: 1 } });
    const { data, headers: sent } = errorReply(error);
    const read = received(sent);
    expect(read.get('Nats-Service-Error-Code')).toBe(String(errorCodes[code].http));
    expect(read.get('Nats-Service-Error')).toBe('why Injected: 1');
    expect(read.has('Injected')).toBe(false);
    expect(errorOf(read, data)!.toBody()).toEqual(error.toBody());
  });

  it('never sends the cause', () => {
    const { data } = errorReply(new DomainError('internal', 'oops', { cause: new Error('secret') }));
    expect(Buffer.from(data).toString()).not.toContain('secret');
  });

  it('keeps headers short and text intact', () => {
    const { headers: sent } = errorReply(new InvalidRequest([{ field: 'é', message: '✓'.repeat(5_000) }]));
    const text = received(sent).get('Nats-Service-Error');
    expect([text.length, text.startsWith('é: ✓')]).toEqual([500, true]);
  });

  it('is no error without the header', () => {
    expect(errorOf(undefined, encodeJson({ code: 'internal' }))).toBeUndefined();
    expect(errorOf(headers(), encodeJson({ code: 'internal' }))).toBeUndefined();
  });

  it.each([
    ['404', 'no such thing', 'not_found'],
    ['418', 'teapot', 'invalid_request'],
    ['599', 'odd', 'internal'],
    ['text', '', 'internal'],
  ])("understands another's bare headers: %s", (code, message, expected) => {
    for (const body of ['', 'not json', '{"code":"unheard of"}', 'null', '[]'])
      expect(errorOf(answered(code, message), Buffer.from(body))).toMatchObject({
        code: expected,
        message: message || `error ${code}`,
      });
  });
});
