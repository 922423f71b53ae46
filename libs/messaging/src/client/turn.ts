/**
 * What is to be done at the end of this turn of the event loop, after all sockets that had something were read. nats.js writes
 * what was published at the end of each callback; requests that come from as many sockets would each be a write of their
 * own, which costs several times what all else does.
 */
export class Turn {
  private tasks: (() => void)[] = [];

  add(task: () => void): void {
    if (this.tasks.push(task) === 1) setImmediate(() => this.run());
  }

  private run(): void {
    const { tasks } = this;
    this.tasks = [];
    for (const task of tasks) task();
  }
}
