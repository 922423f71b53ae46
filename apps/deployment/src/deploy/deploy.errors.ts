import {
  DomainError,
  errorCodes,
  isErrorCode,
  type ReplicaState,
  type RolloutView,
} from '@millrace/contracts';

export class KeyUsed extends DomainError {
  constructor(key: string, endpoint: string, revision: number) {
    super('already_exists', `the key '${key}' deployed something else: ${endpoint} revision ${revision}`, {
      details: { endpoint, revision },
    });
  }
}

export class Superseded extends DomainError {
  constructor(endpoint: string, rollout: number | undefined, now: number | undefined) {
    const what = now === undefined ? 'was removed' : `is at rollout ${now} by now`;
    super('conflict', `endpoint '${endpoint}' ${what}; nobody waits for rollout ${rollout ?? 0} any more`, {
      retryable: false,
      details: { endpoint, rollout },
    });
  }
}

/** Under the code that the replica gave. */
export class ReplicaFailed extends DomainError {
  constructor(endpoint: string, { replica, revision, code, error }: ReplicaState) {
    const known = isErrorCode(code) ? code : 'internal';
    super(known, `replica '${replica}' cannot serve '${endpoint}' revision ${revision}: ${error ?? known}`, {
      retryable: errorCodes[known].retryable,
      details: { endpoint, replica, revision },
    });
  }
}

/** What answered before goes on to. */
export class RolloutFailed extends DomainError {
  constructor(endpoint: string, { number, version, error }: RolloutView) {
    const known = isErrorCode(error?.code) ? error.code : 'internal';
    super(known, `'${endpoint}' stays as it was, without version ${version}: ${error?.message ?? known}`, {
      retryable: errorCodes[known].retryable,
      details: { endpoint, rollout: number },
    });
  }
}

export class RolledBack extends DomainError {
  constructor(endpoint: string, { number, version, reason }: RolloutView) {
    super('gate_failed', `version ${version} of '${endpoint}' was rolled back: ${reason ?? 'asked for'}`, {
      retryable: false,
      details: { endpoint, rollout: number },
    });
  }
}
