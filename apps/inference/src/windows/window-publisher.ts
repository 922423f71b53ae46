import { makeEvent } from '@millrace/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { InferenceEnv } from '../config/inference.env.js';
import { REPLICA_NAME } from '../replica.js';
import { EventPublisher } from './event-publisher.js';
import { fitWindow } from './fit-window.js';
import type { SketchedModel } from './sketched-columns.js';
import { WindowRecorder, type WindowSource } from './window-recorder.js';

/** Windows that wait while NATS is away. */
const mostWaiting = 500;

/** Closes windows at regular times and publishes them. */
@Injectable()
export class WindowPublisher {
  private readonly recorders = new Set<WindowRecorder>();
  /** Of revisions that another took the place of, which may still be answering. */
  private readonly closing = new Set<WindowRecorder>();
  private readonly channel: ReturnType<typeof EventPublisher.prototype.channel<'inference.window.closed'>>;

  constructor(
    private readonly publisher: EventPublisher,
    private readonly env: InferenceEnv,
    @Inject(REPLICA_NAME) private readonly replica: string,
  ) {
    this.channel = publisher.channel<'inference.window.closed'>(mostWaiting, () => this.collectAll());
  }

  open(source: Omit<WindowSource, 'replica'>, model: SketchedModel): WindowRecorder {
    const recorder = new WindowRecorder(
      { ...source, replica: this.replica },
      model,
      this.env.SKETCHED_ROWS_PER_SECOND,
    );
    this.recorders.add(recorder);
    return recorder;
  }

  /** What it recorded last goes out with the next windows. */
  close(recorder: WindowRecorder): void {
    this.recorders.delete(recorder);
    this.closing.add(recorder);
    this.collect(recorder);
  }

  publish(): Promise<void> {
    return this.publisher.publish();
  }

  private collectAll(): void {
    for (const recorder of [...this.recorders, ...this.closing]) this.collect(recorder);
    this.closing.clear();
  }

  private collect(recorder: WindowRecorder): void {
    const window = recorder.close();
    if (!window) return;
    const { endpoint } = window;
    this.channel.add(
      makeEvent('inference.window.closed', 'inference', fitWindow(window), { subject: endpoint }),
    );
  }
}
