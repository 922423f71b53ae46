import { DomainError, InvalidRequest, NotFound, toDomainError } from './domain-error.js';
import { errorCodes } from './error-codes.js';

describe('DomainError', () => {
  it.each(Object.keys(errorCodes) as (keyof typeof errorCodes)[])('%s survives the wire', (code) => {
    const sent = new DomainError(code, 'what happened', { details: { rows: 3 }, cause: new Error('secret') });
    const body = JSON.parse(JSON.stringify(sent.toBody()));
    expect(DomainError.fromBody(body).toBody()).toEqual(sent.toBody());
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  it('takes whether it is worth retrying from its code unless told', () => {
    expect(new DomainError('overloaded', '').retryable).toBe(true);
    expect(new DomainError('overloaded', '', { retryable: false }).retryable).toBe(false);
    expect(new DomainError('not_found', '').retryable).toBe(false);
  });

  it.each([
    null,
    undefined,
    'text',
    7,
    [],
    {},
    { code: 'no such code' },
    { code: 'toString' },
    { message: 7 },
  ])('reads %j from a stranger as an internal error', (body) =>
    expect(DomainError.fromBody(body).code).toBe('internal'),
  );

  it('names every field of a wrong request', () => {
    const error = new InvalidRequest([
      { field: 'steps[0].component', message: 'is unknown' },
      { field: 'name', message: 'is missing' },
    ]);
    expect(error.message).toBe('steps[0].component: is unknown; name: is missing');
    expect(error.toBody().details?.fields).toHaveLength(2);
  });

  it('keeps the cause of what it wraps, and leaves its own kind alone', () => {
    const cause = new TypeError('x is not a function');
    expect(toDomainError(cause)).toMatchObject({ code: 'internal', cause });
    const known = new NotFound('model', 'flights');
    expect(toDomainError(known)).toBe(known);
    expect(known.message).toBe("model 'flights' does not exist");
  });
});
