import type { ShadowOptions } from '@millrace/contracts';
import type { InferCall } from '../protocol/infer-call.js';
import type { Feeds } from '../protocol/tensor.js';
import type { Servable } from '../serving/servable.js';
import type { WindowRecorder } from '../windows/window-recorder.js';
import { compareOutputs } from './compare-outputs.js';

/** Copies that wait or run; more are passed over. So are large ones: they would be in the way of callers. */
const mostAtOnce = 16;
const mostRows = 1_024;
const patienceMs = 1_000;
/** Behind everything that a caller waits for. */
const leastUrgent = 0xffff_ffff;

export interface Shadowed {
  model: Servable;
  recorder: WindowRecorder;
}

/**
 * Gives a model copies of what callers asked, after they were answered, and compares. It never answers, never makes a
 * caller wait for it, and does less when there is more to do.
 */
export class Shadow {
  private readonly share: number;
  private readonly tolerance: number;
  private owed = 0;
  private atOnce = 0;
  private closed = false;

  constructor(
    private readonly shadowed: Shadowed,
    { percent = 100, tolerance = 1e-6 }: ShadowOptions = {},
    private readonly later: (run: () => void) => void = setImmediate,
  ) {
    this.share = percent / 100;
    this.tolerance = tolerance;
  }

  /** @param read the request as the shadow's model reads it */
  offer(answered: Feeds, rows: number, read: () => Pick<InferCall, 'feeds' | 'rows'>): void {
    // Of every hundred, as many as were asked for, evenly.
    this.owed += this.share;
    if (this.owed < 1 || this.closed) return;
    this.owed -= 1;
    if (this.atOnce >= mostAtOnce || rows > mostRows) return this.shadowed.recorder.shadowSkipped();
    this.atOnce += 1;
    this.later(() => void this.run(answered, read));
  }

  close(): void {
    this.closed = true;
  }

  private async run(answered: Feeds, read: () => Pick<InferCall, 'feeds' | 'rows'>): Promise<void> {
    const { model, recorder } = this.shadowed;
    const startedAt = performance.now();
    try {
      if (this.closed) return;
      const { feeds, rows } = read();
      const expiresAt = startedAt + patienceMs;
      const outputs = await model.run({ feeds, rows, expiresAt, priority: leastUrgent });
      recorder.succeeded(feeds, outputs, rows, startedAt, performance.now());
      recorder.compared(compareOutputs(answered, outputs, rows, this.tolerance));
    } catch {
      // Nobody waits for it, and its number says it all.
      recorder.failed(true);
      recorder.shadowFailed();
    } finally {
      this.atOnce -= 1;
    }
  }
}
