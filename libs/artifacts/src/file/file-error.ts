import { DomainError, NotFound } from '@millrace/contracts';

/** What a file system said, as the error that callers act on. */
export const fileError = (thrown: unknown, what: string): DomainError => {
  if (thrown instanceof DomainError) return thrown;
  const code = (thrown as NodeJS.ErrnoException | undefined)?.code;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new DomainError('storage_full', `no space left to store ${what}`, { cause: thrown });
    case 'ENOENT':
      return Object.assign(new NotFound('artifact', what), { cause: thrown });
    default:
      return new DomainError('internal', `cannot access ${what}: ${code ?? String(thrown)}`, {
        cause: thrown,
      });
  }
};
