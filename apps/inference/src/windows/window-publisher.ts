import { toDomainError, type PredictionWindow } from '@millrace/contracts';
import { EventBus, makeEvent } from '@millrace/messaging';
import { LOGGER, type Logger } from '@millrace/observability';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { InferenceEnv } from '../config/inference.env.js';
import { REPLICA_NAME } from '../replica.js';
import type { SketchedModel } from './sketched-columns.js';
import { fitWindow } from './fit-window.js';
import { WindowOutbox, type WindowEvent } from './window-outbox.js';
import { WindowRecorder, type WindowSource } from './window-recorder.js';

/** Of the time that a stop may take, what the last windows get. */
const lastFlushShare = 0.2;

/** Closes windows at regular times and publishes them; what can't be published waits, up to a bound. */
@Injectable()
export class WindowPublisher implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly recorders = new Set<WindowRecorder>();
  /** Of revisions that another took the place of, which may still be answering. */
  private readonly closing = new Set<WindowRecorder>();
  private readonly outbox: WindowOutbox;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    events: EventBus,
    private readonly env: InferenceEnv,
    @Inject(REPLICA_NAME) private readonly replica: string,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.outbox = new WindowOutbox((event) => this.send(events, event));
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

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.publish(), this.env.WINDOW_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    const limit = this.env.SHUTDOWN_TIMEOUT_MS * lastFlushShare;
    let patience: NodeJS.Timeout | undefined;
    const impatient = new Promise<void>((resolve) => (patience = setTimeout(resolve, limit)));
    await Promise.race([this.publish(), impatient]);
    clearTimeout(patience);
    if (this.outbox.size > 0) this.logger.warn({ windows: this.outbox.size }, 'windows were not published');
  }

  async publish(): Promise<void> {
    for (const recorder of [...this.recorders, ...this.closing]) this.collect(recorder);
    this.closing.clear();
    const { dropped } = this.outbox;
    try {
      await this.outbox.flush();
    } catch (err) {
      this.logger.debug({ err, waiting: this.outbox.size, dropped }, 'windows wait to be published');
    }
  }

  private collect(recorder: WindowRecorder): void {
    const window: PredictionWindow | undefined = recorder.close();
    if (!window) return;
    const { endpoint } = window;
    this.outbox.add(
      makeEvent('inference.window.closed', 'inference', fitWindow(window), { subject: endpoint }),
    );
  }

  /** What would be refused for ever must not hold up the others. */
  private async send(events: EventBus, event: WindowEvent): Promise<void> {
    try {
      await events.publish<'inference.window.closed'>(event);
    } catch (err) {
      if (toDomainError(err).retryable) throw err;
      this.logger.error({ err, endpoint: event.data.endpoint }, 'a window was dropped');
    }
  }
}
