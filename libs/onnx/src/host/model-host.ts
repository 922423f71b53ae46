import { DomainError } from '@millrace/contracts';
import type { HostChannel, HostListener, HostReply, HostRequest, HostResult } from './channel.js';
import { openProcess } from './process-channel.js';
import { openThread } from './thread-channel.js';

export type HostKind = 'thread' | 'process';

export interface HostOptions {
  kind: HostKind;
  /** Of the model's process, in MiB. Default 2,048. */
  memoryMb?: number;
}

interface Pending {
  resolve(result: HostResult): void;
  reject(error: unknown): void;
  timeoutMs: number;
}

/** A thread or process that holds one model at a time. One request at a time; whatever overruns its time ends it. */
export class ModelHost {
  readonly kind: HostKind;
  readonly memoryMb: number;
  private readonly channel: HostChannel;
  private pending: Pending | undefined;
  private timer: NodeJS.Timeout | undefined;
  private armedFor: number | undefined;
  private reason: DomainError | undefined;

  constructor({ kind, memoryMb = 2_048 }: HostOptions) {
    this.kind = kind;
    this.memoryMb = memoryMb;
    const listener: HostListener = {
      reply: (reply) => this.settle(reply),
      ended: (how) => this.fail(this.crashed(how)),
    };
    this.channel = kind === 'thread' ? openThread(listener) : openProcess(memoryMb, listener);
    this.channel.rest();
  }

  get pid(): number | undefined {
    return this.channel.pid;
  }

  /** Why it takes nothing more. */
  get ended(): DomainError | undefined {
    return this.reason;
  }

  /**
   * @param transfer Buffers that a thread gets for good instead of a copy.
   * @throws Error what the runtime said; DomainError `deadline_exceeded` over time, `internal` or `unavailable` when it
   * ended: in each of these cases it has
   */
  request(message: HostRequest, timeoutMs: number, transfer: ArrayBuffer[] = []): Promise<HostResult> {
    if (this.reason) return Promise.reject(this.reason);
    if (this.pending) return Promise.reject(new Error('the host of a model does one thing at a time'));
    return new Promise((resolve, reject) => {
      this.pending = { resolve, reject, timeoutMs };
      this.channel.hold();
      this.channel.post(message, transfer);
      this.watch(timeoutMs);
    });
  }

  end(): void {
    this.fail(new DomainError('unavailable', 'the model is closed'));
  }

  /** One timer for all requests of the same limit: to start it anew costs next to nothing. */
  private watch(timeoutMs: number): void {
    if (this.timer && timeoutMs === this.armedFor) this.timer.refresh();
    else {
      clearTimeout(this.timer);
      this.armedFor = timeoutMs;
      this.timer = setTimeout(() => this.overtime(), timeoutMs);
      this.timer.unref();
    }
  }
  /** Where this thread was held up itself, the answer may be there, and only not read yet. */
  private overtime(): void {
    const late = this.pending;
    if (late) setImmediate(() => this.pending === late && this.fail(overTime(late.timeoutMs)));
  }

  private settle({ result, error }: HostReply): void {
    const { pending } = this;
    this.pending = undefined;
    this.channel.rest();
    if (result) pending?.resolve(result);
    else pending?.reject(new Error(error));
  }

  private fail(reason: DomainError): void {
    if (this.reason) return;
    this.reason = reason;
    clearTimeout(this.timer);
    this.channel.end();
    this.pending?.reject(reason);
    this.pending = undefined;
  }

  /** By somebody's hand, or for want of memory of the machine: may go well another time. Else the model did it. */
  private crashed(how: string): DomainError {
    const outside = /^SIG(?:KILL|TERM|INT|HUP)$/.test(how);
    const limit = this.kind === 'process' ? `, limited to ${this.memoryMb} MiB` : '';
    const message = `the ${this.kind} of the model${limit}, ended: ${how}`;
    return outside
      ? new DomainError('unavailable', message)
      : new DomainError('internal', message, { retryable: false });
  }
}

const overTime = (timeoutMs: number): DomainError =>
  new DomainError('deadline_exceeded', `the model took longer than ${timeoutMs} ms`, { retryable: false });
