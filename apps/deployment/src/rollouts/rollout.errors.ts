import { DomainError } from '@millrace/contracts';
import type { Rollout } from './rollout.js';

export class NothingToPromote extends DomainError {
  constructor(endpoint: string, rollout: Pick<Rollout, 'number' | 'phase'> | undefined) {
    const why = rollout ? `its rollout ${rollout.number} is ${told(rollout)}` : 'it had no rollout yet';
    super('conflict', `nothing of endpoint '${endpoint}' waits for being promoted: ${why}`, {
      retryable: rollout?.phase === 'preparing',
      details: { endpoint },
    });
  }
}

export class NothingToGoBackTo extends DomainError {
  constructor(endpoint: string) {
    super('conflict', `nothing answered under '${endpoint}' before: it can only be removed`, {
      retryable: false,
      details: { endpoint },
    });
  }
}

export class AnotherRollout extends DomainError {
  constructor(endpoint: string, asked: number, current: number | undefined) {
    const now = current === undefined ? 'has none' : `is at rollout ${current}`;
    super('conflict', `endpoint '${endpoint}' ${now}, not at ${asked}`, {
      retryable: false,
      details: { endpoint, rollout: current },
    });
  }
}

const told = ({ phase }: Pick<Rollout, 'phase'>): string => {
  if (phase === 'preparing') return 'still being loaded by the replicas';
  return phase === 'promoted' ? 'promoted already' : phase.replace('_', ' ');
};
