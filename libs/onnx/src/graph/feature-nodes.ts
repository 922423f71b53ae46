import type {
  DatePart,
  FittedColumn,
  FittedNumber,
  FittedOneHot,
  FittedPart,
  FittedPreprocessing,
} from '@millrace/ml';
import { DateNodes } from './date-part-nodes.js';
import type { Attributes, GraphBuilder } from './graph-builder.js';

export type NumberPart = FittedPart & FittedNumber;
export type OneHotPart = FittedPart & FittedOneHot;
export interface Source<Part extends FittedPart = FittedPart> {
  column: FittedColumn;
  part: Part;
}

/** Largest value of each date part that has one, plus one. */
const partSizes: Partial<Record<DatePart, number>> = { month: 13, day: 32, weekday: 7, hour: 24, minute: 60 };

/** Nodes that turn raw columns into what the estimator adds up, in the float32 steps of `transformTable`. */
export class FeatureNodes {
  private readonly dates = new Map<string, DateNodes>();

  constructor(private readonly graph: GraphBuilder) {}

  /** FP32 [N, parts]: imputed, centred and scaled. */
  dense(sources: Source<NumberPart>[]): string {
    const { graph } = this;
    const row = (of: (part: NumberPart) => number) =>
      graph.floats(
        sources.map(({ part }) => of(part)),
        [1, sources.length],
      );
    const columns = sources.map(({ column, part }) => this.number(column, part));
    const joined =
      columns.length === 1 ? columns[0]! : graph.node('Concat', columns, { attributes: { axis: 1 } });
    const filled = this.fillMissing(
      joined,
      row((part) => part.fill),
    );
    if (sources.every(({ part }) => part.center === 0 && part.factor === 1)) return filled;
    const centred = graph.node('Sub', [filled, row((part) => part.center)]);
    return graph.node('Mul', [centred, row((part) => part.factor)]);
  }

  /**
   * Maps each row's category to its row of `table` (categories × width, row-major); unknown is all zeros.
   * FP32 [N, 1] for width 1, else [N, 1, width].
   */
  lookUp({ column, part }: Source<OneHotPart>, table: Float32Array, width: number): string {
    const { graph } = this;
    const { categories } = part;
    const size = part.part === null ? undefined : partSizes[part.part];
    if (size !== undefined) {
      const positions = Int32Array.from({ length: size }, (_, value) =>
        (categories as number[]).indexOf(value),
      );
      const index = this.dateIndex(column, part.part!, size);
      const fill = part.fill === null ? -1 : (categories as number[]).indexOf(part.fill as number);
      const values = spread(table, width, [...positions, fill]);
      return graph.node('Gather', [
        graph.floats(values, width === 1 ? [size + 1] : [size + 1, width]),
        index,
      ]);
    }
    if (width === 1) return this.encode({ column, part }, { floats: table });
    const values = spread(table, width, [...categories.map((_, i) => i), -1]);
    return graph.node('Gather', [
      graph.floats(values, [categories.length + 1, width]),
      this.index({ column, part }),
    ]);
  }

  /** INT64 [N, 1]: the category's position, or how many there are for none of them. */
  index(source: Source<OneHotPart>): string {
    return this.encode(source, {});
  }

  /** LabelEncoder from category to its position or its float. */
  private encode({ column, part }: Source<OneHotPart>, to: { floats?: Float32Array }): string {
    const { graph } = this;
    const { categories, fill } = part;
    const none = categories.length;
    const values: Attributes = to.floats
      ? { values_floats: to.floats, default_float: Float32Array.of(0) }
      : { values_int64s: categories.map((_, i) => i), default_int64: none };
    if (column.kind === 'string') {
      const keys = [...(categories as string[])];
      if (fill === null) return this.labelEncoder(column.name, { keys_strings: keys, ...values });
      // Missing is the empty string, which is no category: it gets the place of what it is imputed with.
      const place = keys.indexOf(fill as string);
      const filled: Attributes = to.floats
        ? { ...values, values_floats: Float32Array.from([...to.floats, to.floats[place] ?? 0]) }
        : { ...values, values_int64s: [...keys.map((_, i) => i), place < 0 ? none : place] };
      return this.labelEncoder(column.name, { keys_strings: [...keys, ''], ...filled });
    }
    const number = this.number(column, part);
    const filled = fill === null ? number : this.fillMissing(number, graph.floats([fill as number], [1, 1]));
    return this.labelEncoder(filled, { keys_floats: Float32Array.from(categories as number[]), ...values });
  }

  private labelEncoder(input: string, attributes: Attributes): string {
    return this.graph.node('LabelEncoder', [input], { attributes, domain: 'ai.onnx.ml' });
  }

  /** FP32 [N, 1]: a number, or a part of a date with NaN for missing. */
  private number(column: FittedColumn, { part }: FittedPart): string {
    if (part === null) return column.name;
    const { graph } = this;
    const date = this.date(column);
    const value = graph.node('Cast', [date.part(part)], { attributes: { to: 1 } });
    return graph.node('Where', [date.missing, graph.floats([NaN], [1, 1]), value]);
  }

  /** INT64 [N, 1]: the part's value, or `size` where the timestamp is missing. */
  private dateIndex(column: FittedColumn, part: DatePart, size: number): string {
    const date = this.date(column);
    return this.graph.node('Where', [date.missing, this.graph.int64(size), date.part(part)]);
  }

  /** NaN and infinities are missing: x − x is NaN for both. */
  private fillMissing(x: string, fill: string): string {
    const { graph } = this;
    const missing = graph.node('IsNaN', [graph.node('Sub', [x, x])]);
    return graph.node('Where', [missing, fill, x]);
  }

  private date(column: FittedColumn): DateNodes {
    const known = this.dates.get(column.name);
    if (known) return known;
    const made = new DateNodes(this.graph, column.name);
    this.dates.set(column.name, made);
    return made;
  }
}

/** Rows of `table` at `positions`; −1 is a row of zeros. */
const spread = (table: Float32Array, width: number, positions: number[]): Float32Array => {
  const out = new Float32Array(positions.length * width);
  positions.forEach((position, i) => {
    if (position >= 0) out.set(table.subarray(position * width, (position + 1) * width), i * width);
  });
  return out;
};

export const sourcesOf = (fitted: FittedPreprocessing): Source[] =>
  fitted.columns.flatMap((column) => column.parts.map((part) => ({ column, part })));

export const isNumberSource = (source: Source): source is Source<NumberPart> =>
  source.part.encode === 'number';
export const isOneHotSource = (source: Source): source is Source<OneHotPart> =>
  source.part.encode === 'oneHot';
