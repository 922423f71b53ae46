const restMs = 100;

/**
 * How long what we read now has waited for us at the server and in the socket, as far as it can be proven without a
 * clock that two sides share: a server answers a PING behind all that it has for us already. So whatever is read before
 * the PONG was there before the PING.
 */
export class Backlog {
  private askedAt: number | undefined;
  private askAgainAt = -Infinity;

  /**
   * @param ping resolves with the PONG
   * @param now monotonic, in milliseconds
   */
  constructor(
    private readonly ping: () => Promise<void>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Of what is being read right now, in milliseconds; 0 when nothing is known. Asked again and again, it finds out. */
  readonly provenMs = (): number => {
    const now = this.now();
    if (this.askedAt !== undefined) return now - this.askedAt;
    if (now >= this.askAgainAt) this.ask(now);
    return 0;
  };

  private ask(now: number): void {
    this.askedAt = now;
    const answered = (): void => {
      this.askedAt = undefined;
      this.askAgainAt = this.now() + restMs;
    };
    // A lost connection rejects: what comes over the next one has waited for nothing of ours.
    this.ping().then(answered, answered);
  }
}
