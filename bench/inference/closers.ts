/** What was started, to be stopped in the opposite order. */
export class Closers implements AsyncDisposable {
  private readonly closers: (() => unknown)[] = [];

  defer(close: () => unknown): void {
    this.closers.push(close);
  }

  use<T extends AsyncDisposable>(resource: T): T {
    this.defer(() => resource[Symbol.asyncDispose]());
    return resource;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const close of this.closers.splice(0).reverse()) await close();
  }
}
