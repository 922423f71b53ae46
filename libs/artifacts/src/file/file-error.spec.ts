import { DomainError } from '@millrace/contracts';
import { fileError } from './file-error.js';

const errno = (code: string) => Object.assign(new Error(code), { code });

describe('fileError', () => {
  it.each([
    ['ENOSPC', 'storage_full', true],
    ['EDQUOT', 'storage_full', true],
    ['ENOENT', 'not_found', false],
    ['EIO', 'internal', true],
  ])('%s is %s', (code, expected, retryable) => {
    const cause = errno(code);
    expect(fileError(cause, 'x')).toMatchObject({ code: expected, retryable, cause });
  });

  it('leaves a DomainError as it is', () => {
    const error = new DomainError('integrity', 'x');
    expect(fileError(error, 'y')).toBe(error);
  });
});
