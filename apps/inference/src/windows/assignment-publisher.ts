import { makeEvent } from '@millrace/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { REPLICA_NAME } from '../replica.js';
import { AssignmentRecorder, type AssignmentSource } from './assignment-recorder.js';
import { EventPublisher } from './event-publisher.js';

type Type = 'inference.assignments.recorded';

/** Events that wait while NATS is away. */
const mostWaiting = 100;

/** Publishes which key of an experiment went to which version. */
@Injectable()
export class AssignmentPublisher {
  private readonly recorders = new Set<AssignmentRecorder>();
  private readonly channel: ReturnType<typeof EventPublisher.prototype.channel<Type>>;

  constructor(
    publisher: EventPublisher,
    @Inject(REPLICA_NAME) private readonly replica: string,
  ) {
    this.channel = publisher.channel<Type>(mostWaiting, () =>
      this.recorders.forEach((one) => this.collect(one)),
    );
  }

  open(source: Omit<AssignmentSource, 'replica'>): AssignmentRecorder {
    const recorder = new AssignmentRecorder({ ...source, replica: this.replica });
    this.recorders.add(recorder);
    return recorder;
  }

  close(recorder: AssignmentRecorder): void {
    this.recorders.delete(recorder);
    this.collect(recorder);
  }

  private collect(recorder: AssignmentRecorder): void {
    for (const recorded of recorder.take())
      this.channel.add(
        makeEvent('inference.assignments.recorded', 'inference', recorded, { subject: recorded.endpoint }),
      );
  }
}
