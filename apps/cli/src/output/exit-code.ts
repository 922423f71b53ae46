import type { ErrorCode } from '@millrace/contracts';

/** What the shell is told; the table in the README and in `millrace --help`. */
export const exitCodes = {
  done: 0,
  failure: 1,
  wrongInput: 2,
  unavailable: 3,
  notFound: 4,
  runFailed: 5,
  conflict: 6,
  interrupted: 130,
} as const;

export const exitCodeOf = (code: ErrorCode): number => {
  switch (code) {
    case 'invalid_request':
    case 'payload_too_large':
    case 'data_invalid':
    case 'unsupported':
      return exitCodes.wrongInput;
    case 'unavailable':
    case 'overloaded':
    case 'deadline_exceeded':
    case 'storage_full':
      return exitCodes.unavailable;
    case 'not_found':
      return exitCodes.notFound;
    case 'already_exists':
    case 'conflict':
      return exitCodes.conflict;
    default:
      return exitCodes.failure;
  }
};

export const exitCodeHelp = `
Exit codes:
  0    done
  1    failed for another reason
  2    wrong usage or input
  3    nothing answers or is ready, or not in time
  4    what was named does not exist
  5    the run failed or was cancelled (run --watch, logs --follow)
  6    conflicts with what is there
  130  interrupted; a run that was watched or followed goes on`;
