import { DomainError, errorCodes, isErrorCode, type ReplicaState } from '@millrace/contracts';

export class KeyUsed extends DomainError {
  constructor(key: string, endpoint: string, revision: number) {
    super('already_exists', `the key '${key}' deployed something else: ${endpoint} revision ${revision}`, {
      details: { endpoint, revision },
    });
  }
}

export class Superseded extends DomainError {
  constructor(endpoint: string, revision: number, now: number | undefined) {
    const what = now === undefined ? 'was removed' : `is at revision ${now} by now`;
    super('conflict', `endpoint '${endpoint}' ${what}; nobody waits for revision ${revision} any more`, {
      retryable: false,
      details: { endpoint, revision },
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
