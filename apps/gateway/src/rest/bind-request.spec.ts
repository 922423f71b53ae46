import type { DomainError } from '@millrace/contracts';
import { bindRequest, type RequestParts } from './bind-request.js';

const parts = (some: Partial<RequestParts>): RequestParts => ({ params: {}, query: {}, body: {}, ...some });

describe('binding a request', () => {
  it('merges path, query and body', () => {
    const request = parts({
      params: { name: 'flights' },
      query: { limit: '5' },
      body: { alias: 'champion' },
    });
    expect(bindRequest(request, false)).toEqual({ name: 'flights', limit: '5', alias: 'champion' });
  });

  it('takes the idempotency key from the header where the operation has the field', () => {
    expect(bindRequest(parts({ idempotencyKey: 'k' }), true)).toEqual({ idempotencyKey: 'k' });
    expect(bindRequest(parts({ idempotencyKey: 'k' }), false)).toEqual({});
    expect(bindRequest(parts({ body: { idempotencyKey: 'k' } }), true)).toEqual({ idempotencyKey: 'k' });
  });

  it('allows the same said twice', () => {
    const request = parts({
      params: { version: '3' },
      body: { version: 3, idempotencyKey: 'k' },
      idempotencyKey: 'k',
    });
    expect(bindRequest(request, true)).toEqual({ version: '3', idempotencyKey: 'k' });
  });

  it('names every contradiction', () => {
    const request = parts({
      params: { endpoint: 'a' },
      body: { endpoint: 'b', idempotencyKey: 'x' },
      idempotencyKey: 'y',
    });
    let thrown: unknown;
    try {
      bindRequest(request, true);
    } catch (error) {
      thrown = error;
    }
    expect((thrown as DomainError).details?.fields).toEqual([
      { field: 'endpoint', message: 'differs from the path' },
      { field: 'idempotencyKey', message: 'differs from the header Idempotency-Key' },
    ]);
  });
});
