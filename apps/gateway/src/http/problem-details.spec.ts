import { NotFoundException } from '@nestjs/common';
import { DomainError, errorCodes, InvalidRequest, type ErrorCode } from '@millrace/contracts';
import { HttpRefusal } from './http-refusal.js';
import { toInferenceError, toProblem } from './problem-details.js';
import { fromThrown } from './thrown.js';

describe('problem details', () => {
  it.each(Object.entries(errorCodes))('have the status of %s', (code, { http, retryable }) => {
    expect(toProblem(new DomainError(code as ErrorCode, 'so it is'))).toMatchObject({
      type: 'about:blank',
      title: expect.not.stringMatching('^Error$') as string,
      status: http,
      detail: 'so it is',
      code,
      retryable,
    });
  });

  it('name the fields and keep what else is known', () => {
    const error = new DomainError('conflict', 'no', {
      details: { fields: [{ field: 'a[0].b', message: 'is odd' }], revision: 3 },
    });
    expect(toProblem(error)).toMatchObject({
      errors: [{ field: 'a[0].b', message: 'is odd' }],
      details: { revision: 3 },
    });
    expect(toProblem(new InvalidRequest([{ field: 'a', message: 'b' }]))).not.toHaveProperty('details');
  });

  it('tell nothing of what went wrong inside', () => {
    const error = fromThrown(new Error('connect ECONNREFUSED /var/run/secret.sock'));
    expect(JSON.stringify([toProblem(error), toInferenceError(error)])).not.toContain('secret');
    expect(toProblem(error)).toMatchObject({ code: 'internal', status: 500 });
  });

  it.each([
    [new HttpRefusal(405, 'invalid_request', 'x'), 405, 'invalid_request'],
    [new NotFoundException('x'), 404, 'not_found'],
    [
      Object.assign(new Error('x'), { statusCode: 413, code: 'FST_ERR_CTP_BODY_TOO_LARGE' }),
      413,
      'payload_too_large',
    ],
    [Object.assign(new Error('x'), { statusCode: 415 }), 415, 'invalid_request'],
    [Object.assign(new Error('x'), { statusCode: 500 }), 500, 'internal'],
    [new URIError('x'), 400, 'invalid_request'],
    ['a string', 500, 'internal'],
  ])('are made of %s', (thrown, status, code) => {
    expect(toProblem(fromThrown(thrown))).toMatchObject({ status, code });
  });
});
