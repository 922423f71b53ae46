import { randomBytes } from 'node:crypto';
import { maxLogReport, toDomainError, type LogReport, type ReportedLine } from '@millrace/contracts';
import { systemClock, type Clock, type Report } from './progress-reporter.js';

/** Lines are gathered for so long; those of a step that ends sooner go along with its completion. */
const gatherMs = 150;
const maxRetryMs = 2_000;
/** Of lines that wait: they have to fit into a completion, next to the outputs. */
const maxBytes = 256 * 1_024;

/**
 * Gets what a component logs at one attempt to where it is kept, for certain and once: lines are numbered, and sent again
 * until they are answered for. An orchestrator that is away is waited for, as far as there is room.
 */
export class TaskLog {
  private readonly source = randomBytes(12).toString('base64url');
  private waiting: ReportedLine[] = [];
  private bytes = 0;
  private n = 0;
  private leftOut = 0;
  private failures = 0;
  private refused = false;
  private closed = false;
  private sending = false;
  private cancelTimer: (() => void) | undefined;

  /** @param send resolves when the lines are kept */
  constructor(
    private readonly send: (report: LogReport) => Promise<unknown>,
    private readonly clock: Clock = systemClock,
  ) {}

  /** Takes a report's line, and gives it its number; a line for which there is no room has none, and is only counted. */
  take(report: Report): Report {
    if (!report.log) return report;
    const n = this.add(report.log.level, report.log.message);
    return { ...report, log: { ...report.log, n } };
  }

  /** Sends nothing more. What is not answered for is the caller's now; it may have arrived all the same. */
  close(): LogReport | undefined {
    this.closed = true;
    this.cancelTimer?.();
    if (this.leftOut > 0) this.push('warn', `${this.leftOut} log lines were left out: nobody took them`);
    return this.waiting.length === 0 ? undefined : { source: this.source, lines: this.waiting };
  }

  private add(level: ReportedLine['level'], message: string): number {
    if (this.bytes + message.length * 3 > maxBytes) {
      this.leftOut += 1;
      return 0;
    }
    if (this.leftOut > 0) {
      this.push('warn', `${this.leftOut} log lines were left out: nobody took them`);
      this.leftOut = 0;
    }
    this.push(level, message);
    this.sendSoon(gatherMs);
    return this.n;
  }

  private push(level: ReportedLine['level'], message: string): void {
    const line = { n: ++this.n, at: this.clock.now(), level, message };
    this.waiting.push(line);
    this.bytes += sizeOf(line);
  }

  private sendSoon(ms: number): void {
    if (this.closed || this.refused || this.sending || this.waiting.length === 0) return;
    this.cancelTimer ??= this.clock.after(ms, () => void this.sendWaiting());
  }

  private async sendWaiting(): Promise<void> {
    this.cancelTimer = undefined;
    this.sending = true;
    const lines = this.waiting.slice(0, maxLogReport);
    try {
      await this.send({ source: this.source, lines });
      this.failures = 0;
      if (!this.closed) this.forget(lines);
    } catch (error) {
      this.failures += 1;
      this.refused = !toDomainError(error).retryable;
    }
    this.sending = false;
    this.sendSoon(this.failures === 0 ? gatherMs : Math.min(gatherMs * 2 ** this.failures, maxRetryMs));
  }

  private forget(lines: readonly ReportedLine[]): void {
    this.waiting = this.waiting.slice(lines.length);
    for (const line of lines) this.bytes -= sizeOf(line);
  }
}

const sizeOf = (line: ReportedLine): number => Buffer.byteLength(JSON.stringify(line)) + 1;
