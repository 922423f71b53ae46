import type { EndpointView, ReplicaState, RolloutView } from '@millrace/contracts';
import { thrownBy } from '@millrace/testing';
import { statusOf } from '../endpoints/status-of.js';
import { isSettled } from './is-settled.js';

const rollout = (phase: RolloutView['phase'], change: Partial<RolloutView> = {}): RolloutView => ({
  number: 7,
  strategy: 'rolling',
  phase,
  model: 'm',
  version: 3,
  startedAt: '',
  phaseAt: '',
  ended: true,
  ...change,
});
const view = (replicas: ReplicaState[], of: RolloutView | undefined = rollout('promoted')): EndpointView => ({
  endpoint: 'e',
  revision: 2,
  targets: [],
  replicas,
  status: statusOf(2, replicas),
  updatedAt: '',
  ...(of ? { rollout: of } : {}),
});
const ready = (revision: number): ReplicaState => ({ replica: 'a', revision, state: 'ready' });
const failed: ReplicaState = {
  replica: 'b',
  revision: 2,
  state: 'failed',
  code: 'integrity',
  error: 'golden row 3',
};

describe('a deployment', () => {
  it('is settled once a replica serves its revision', () => {
    expect(isSettled('e', 7, view([]))).toBe(false);
    expect(isSettled('e', 7, view([ready(1)]))).toBe(false);
    expect(isSettled('e', 7, view([ready(2)]))).toBe(true);
  });

  it('is settled when it waits for somebody, and not while it goes on by itself', () => {
    expect(isSettled('e', 7, view([ready(2)], rollout('preparing')))).toBe(false);
    expect(isSettled('e', 7, view([ready(2)], rollout('canary')))).toBe(false);
    expect(isSettled('e', 7, view([], rollout('prepared')))).toBe(true);
    expect(isSettled('e', 7, view([], rollout('shadowing')))).toBe(true);
  });

  it('fails with what a replica says', () => {
    const error = thrownBy(() => isSettled('e', 7, view([ready(2), failed])));
    expect(error).toMatchObject({ code: 'integrity', retryable: false });
    expect(error.message).toBe("replica 'b' cannot serve 'e' revision 2: golden row 3");
    const unknown = { ...failed, code: 'gremlins', error: undefined };
    expect(thrownBy(() => isSettled('e', 7, view([unknown as ReplicaState]))).code).toBe('internal');
  });

  it('fails with what stopped the rollout', () => {
    const error = { code: 'integrity', message: "replica 'b' cannot load it: golden row 3" };
    expect(thrownBy(() => isSettled('e', 7, view([], rollout('failed', { error }))))).toMatchObject({
      code: 'integrity',
      message: "'e' stays as it was, without version 3: replica 'b' cannot load it: golden row 3",
    });
    const reason = '9 of 10 requests failed';
    expect(thrownBy(() => isSettled('e', 7, view([], rollout('rolled_back', { reason }))))).toMatchObject({
      code: 'gate_failed',
      retryable: false,
      message: "version 3 of 'e' was rolled back: 9 of 10 requests failed",
    });
  });

  it('is over when another took its place', () => {
    expect(thrownBy(() => isSettled('e', 6, view([])))).toMatchObject({ code: 'conflict', retryable: false });
    expect(thrownBy(() => isSettled('e', 7, undefined)).message).toContain('was removed');
  });
});
