/** An expression that is wrong, or has no value. */
export class CelError extends Error {
  override readonly name = 'CelError';
  constructor(
    message: string,
    /** Where in the text, from 0, if it is known. */
    readonly at?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
