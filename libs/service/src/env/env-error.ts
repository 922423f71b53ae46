/** The start failed for a reason that whoever operates the service can mend: told in one line, without a stack. */
export class StartError extends Error {
  override readonly name: string = 'StartError';
}

/** Settings that are wrong, all of them at once. */
export class EnvError extends StartError {
  override readonly name = 'EnvError';

  constructor(readonly mistakes: { name: string; message: string }[]) {
    super(mistakes.map(({ message }) => message).join('; '));
  }
}
