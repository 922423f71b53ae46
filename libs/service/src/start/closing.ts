/** What has to be closed, last opened first. */
export class Closing {
  private readonly steps: { what: string; close: () => Promise<unknown> }[] = [];
  private closed: Promise<void> | undefined;
  /** The step under way. */
  current: string | undefined;

  add(what: string, close: () => Promise<unknown>): void {
    this.steps.push({ what, close });
  }

  /** Tries every step, then rejects with what failed. A second call waits for the first. */
  close(): Promise<void> {
    return (this.closed ??= this.closeAll());
  }

  private async closeAll(): Promise<void> {
    const errors: unknown[] = [];
    for (const { what, close } of this.steps.toReversed()) {
      this.current = what;
      await close().catch((error: unknown) => errors.push(error));
    }
    this.current = undefined;
    if (errors.length > 0)
      throw errors.length === 1 ? errors[0] : new AggregateError(errors, 'closing failed');
  }
}
