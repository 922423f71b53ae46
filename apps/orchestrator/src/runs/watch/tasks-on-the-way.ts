import { CompletionQueue, MessagingClient, WorkQueue } from '@millrace/messaging';
import { Outbox } from '@millrace/persistence';
import { Injectable } from '@nestjs/common';

/** Where the tasks are that nobody has answered yet. */
@Injectable()
export class TasksOnTheWay {
  constructor(
    private readonly client: MessagingClient,
    private readonly outbox: Outbox,
    private readonly work: WorkQueue,
    private readonly done: CompletionQueue,
  ) {}

  /**
   * How many there are at most of a component: not yet published, queued or with a worker, or answered without anybody
   * having read the answer (of any component: what it is of stands inside). Looked at in the order in which they move on,
   * so that none is passed over.
   */
  async count(component: string): Promise<number> {
    const unpublished = await this.outbox.waiting(this.client.subjects.work(component));
    const queued = await this.work.count(component);
    const answered = await this.done.count();
    return unpublished + queued + answered;
  }
}
