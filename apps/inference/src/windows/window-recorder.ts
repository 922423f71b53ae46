import type { PredictionWindow, ShadowComparison } from '@millrace/contracts';
import { ColumnSketch, QuantileSketch } from '@millrace/ml';
import type { Feeds } from '../protocol/tensor.js';
import type { OutputsCompared } from '../routing/compare-outputs.js';
import { addRow, sketchedColumns, type SketchedColumn, type SketchedModel } from './sketched-columns.js';

export type WindowSource = Pick<
  PredictionWindow,
  'endpoint' | 'revision' | 'model' | 'version' | 'role' | 'replica'
>;

const nothingCompared = (): ShadowComparison => ({ rows: 0, agreed: 0, failed: 0, skipped: 0 });

/**
 * Counts what one model version predicted since the last window. Requests, rows and errors are exact; latencies and values
 * are sketched in full up to `rowsPerSecond`, and beyond it from every n-th request, so that a busy endpoint stays fast.
 */
export class WindowRecorder {
  private readonly columns: SketchedColumn[];
  private from = new Date();
  private requests = 0;
  private rows = 0;
  private errors = 0;
  private faults = 0;
  private comparison = nothingCompared();
  private latency = new QuantileSketch();
  private sketches: ColumnSketch[];
  private stride = 1;
  private second = 0;
  private rowsInSecond = 0;
  private requestsUntilSample = 0;

  constructor(
    private readonly source: WindowSource,
    model: SketchedModel,
    private readonly rowsPerSecond: number,
  ) {
    this.columns = sketchedColumns(model);
    this.sketches = this.emptySketches();
  }

  /** @param startedAt and @param now in milliseconds of one monotonic clock. */
  succeeded(inputs: Feeds, outputs: Feeds, rows: number, startedAt: number, now: number): void {
    this.requests += 1;
    this.rows += rows;
    this.adapt(rows, now);
    if (--this.requestsUntilSample > 0) return;
    this.requestsUntilSample = Math.max(this.stride, Math.ceil(this.rowsInSecond / this.rowsPerSecond));
    this.latency.add(now - startedAt);
    this.sketch(inputs, outputs, rows);
  }

  /** @param fault it was not the caller's own mistake */
  failed(fault: boolean): void {
    this.requests += 1;
    this.errors += 1;
    if (fault) this.faults += 1;
  }

  /** Of a shadow: its answer beside that which the caller got. */
  compared({ rows, agreed, largestDifference, largestDifferenceIn }: OutputsCompared): void {
    this.comparison.rows += rows;
    this.comparison.agreed += agreed;
    if (largestDifference === undefined || largestDifference <= (this.comparison.largestDifference ?? -1))
      return;
    this.comparison.largestDifference = largestDifference;
    this.comparison.largestDifferenceIn = largestDifferenceIn!;
  }

  shadowFailed(): void {
    this.comparison.failed += 1;
  }

  shadowSkipped(): void {
    this.comparison.skipped += 1;
  }

  /** Closes the window and begins the next. Undefined when nothing was asked. */
  close(): PredictionWindow | undefined {
    const [from, to] = [this.from, new Date()];
    this.from = to;
    const { comparison } = this;
    if (this.requests === 0 && comparison.skipped === 0) return undefined;
    const window: PredictionWindow = {
      ...this.source,
      from: from.toISOString(),
      to: to.toISOString(),
      requests: this.requests,
      rows: this.rows,
      errors: this.errors,
      faults: this.faults,
      latency: this.latency.toJSON(),
      sketches: Object.fromEntries(this.columns.map(({ name }, i) => [name, this.sketches[i]!.toJSON()])),
      ...(this.source.role === 'shadow' ? { comparison } : {}),
    };
    this.requests = this.rows = this.errors = this.faults = 0;
    this.comparison = nothingCompared();
    this.latency = new QuantileSketch();
    this.sketches = this.emptySketches();
    return window;
  }

  /** One in n, where n follows the rows of the second before, or of this one when they are more. */
  private adapt(rows: number, now: number): void {
    const second = Math.floor(now / 1000);
    if (second !== this.second) {
      this.stride = Math.max(1, Math.ceil(this.rowsInSecond / this.rowsPerSecond));
      this.second = second;
      this.rowsInSecond = 0;
    }
    this.rowsInSecond += rows;
  }

  /** Of a large request, evenly spaced rows. */
  private sketch(inputs: Feeds, outputs: Feeds, rows: number): void {
    const step = Math.max(1, Math.ceil(rows / this.rowsPerSecond));
    this.columns.forEach((column, i) => {
      const tensors = column.side === 'input' ? inputs : outputs;
      if (!tensors[column.tensor]) return;
      for (let row = 0; row < rows; row += step) addRow(this.sketches[i]!, column, tensors, row);
    });
  }

  private emptySketches(): ColumnSketch[] {
    return this.columns.map(({ kind }) => ColumnSketch.of(kind));
  }
}
