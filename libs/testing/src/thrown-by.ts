import type { DomainError } from '@millrace/contracts';

/**
 * What `act` throws, for a spec to look at.
 * @throws when it throws nothing
 */
export const thrownBy = (act: () => unknown): DomainError => {
  try {
    act();
  } catch (thrown) {
    return thrown as DomainError;
  }
  throw new Error('nothing was thrown');
};
