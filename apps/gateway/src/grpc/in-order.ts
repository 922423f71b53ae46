/**
 * Work that is done at the same time, its results handed on in the order in which it was begun; at most `most` are under way,
 * results that nobody took among them.
 */
export class InOrder<T> {
  private last: Promise<void> = Promise.resolve();
  private underWay = 0;

  constructor(
    private readonly most: number,
    private readonly handOn: (result: T) => Promise<void> | void,
  ) {}

  get full(): boolean {
    return this.underWay >= this.most;
  }

  /** @param work never rejects. @returns when its result was handed on; rejects when that failed, of an earlier one too */
  add(work: Promise<T>): Promise<void> {
    this.underWay += 1;
    const handedOn = Promise.all([work, this.last])
      .then(([result]) => this.handOn(result))
      .finally(() => (this.underWay -= 1));
    this.last = handedOn;
    return handedOn;
  }

  /** Resolves when everything so far was handed on. */
  drained(): Promise<void> {
    return this.last;
  }
}
