import type { DomainError, EndpointView, ReplicaState } from '@millrace/contracts';
import { statusOf } from '../endpoints/status-of.js';
import { isSettled } from './is-settled.js';

const view = (revision: number, replicas: ReplicaState[]): EndpointView => ({
  endpoint: 'e',
  revision,
  targets: [],
  replicas,
  status: statusOf(revision, replicas),
  updatedAt: '',
});
const ready = (revision: number): ReplicaState => ({ replica: 'a', revision, state: 'ready' });
const failed: ReplicaState = {
  replica: 'b',
  revision: 2,
  state: 'failed',
  code: 'integrity',
  error: 'golden row 3',
};

const errorOf = (act: () => unknown): DomainError => {
  try {
    act();
  } catch (error) {
    return error as DomainError;
  }
  throw new Error('nothing was thrown');
};

describe('a deployment', () => {
  it('is settled once a replica serves its revision', () => {
    expect(isSettled('e', 2, view(2, []))).toBe(false);
    expect(isSettled('e', 2, view(2, [ready(1)]))).toBe(false);
    expect(isSettled('e', 2, view(2, [ready(2)]))).toBe(true);
  });

  it('fails with what a replica says', () => {
    const error = errorOf(() => isSettled('e', 2, view(2, [ready(2), failed])));
    expect(error).toMatchObject({ code: 'integrity', retryable: false });
    expect(error.message).toBe("replica 'b' cannot serve 'e' revision 2: golden row 3");
    const unknown = { ...failed, code: 'gremlins', error: undefined };
    expect(errorOf(() => isSettled('e', 2, view(2, [unknown as ReplicaState]))).code).toBe('internal');
  });

  it('is over when another took its place', () => {
    expect(errorOf(() => isSettled('e', 2, view(3, [])))).toMatchObject({
      code: 'conflict',
      retryable: false,
    });
    expect(errorOf(() => isSettled('e', 2, undefined)).message).toContain('was removed');
  });
});
