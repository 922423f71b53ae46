/** The one timer of a queue whose requests may wait for company. */
export class BatchDelay {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly delayMs: number,
    private readonly over: () => void,
  ) {}

  /** Has the oldest not waited for long enough? Then it is looked at again when it has. */
  holds(oldest: number): boolean {
    const left = oldest + this.delayMs - performance.now();
    if (left <= 0) return false;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.over();
    }, Math.ceil(left));
    return true;
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
