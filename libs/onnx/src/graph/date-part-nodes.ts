import type { DatePart } from '@millrace/ml';
import { missingTimestamp } from '../tensor/tensor.js';
import type { GraphBuilder } from './graph-builder.js';

const dayMs = 86_400_000;

/**
 * The parts of a UTC timestamp (INT64 epoch ms, [N, 1]) as INT64 nodes that are shared between parts. ONNX's Div cuts
 * towards zero and Mod follows the divisor's sign, so everything is brought to be non-negative first; the calendar is
 * Howard Hinnant's "days_from_civil" read backwards, with its last step as a table over the days of a year from March.
 */
export class DateNodes {
  /** Bool: is the timestamp missing? */
  readonly missing: string;
  private readonly time: string;
  private readonly made = new Map<string, string>();

  constructor(
    private readonly graph: GraphBuilder,
    input: string,
  ) {
    this.missing = graph.node('Equal', [input, graph.int64(missingTimestamp)]);
    this.time = graph.node('Where', [this.missing, graph.int64(0), input]);
  }

  /** Of a missing timestamp: that of the epoch. */
  part(part: DatePart): string {
    return this.once(part, () => this.makePart(part));
  }

  private makePart(part: DatePart): string {
    switch (part) {
      case 'hour':
        return this.divide(this.modulo(this.time, dayMs), 3_600_000);
      case 'minute':
        return this.divide(this.modulo(this.time, 3_600_000), 60_000);
      case 'weekday':
        return this.modulo(this.add(this.days(), 4), 7);
      case 'month':
        return this.lookUp(monthOfDay);
      case 'day':
        return this.lookUp(dayOfMonth);
      case 'year': {
        const march = this.graph.node('Add', [this.yearOfEra(), this.multiply(this.era(), 400)]);
        return this.graph.node('Add', [march, this.lookUp(monthOfDay.map((month) => (month <= 2 ? 1 : 0)))]);
      }
    }
  }

  /** Days since 1970-01-01, rounded down. */
  private days(): string {
    return this.once('days', () =>
      this.divide(this.subtract(this.time, this.modulo(this.time, dayMs)), dayMs),
    );
  }

  /** Days since 0000-03-01. */
  private shifted(): string {
    return this.once('shifted', () => this.add(this.days(), 719_468));
  }

  private dayOfEra(): string {
    return this.once('dayOfEra', () => this.modulo(this.shifted(), 146_097));
  }

  private era(): string {
    return this.divide(this.subtract(this.shifted(), this.dayOfEra()), 146_097);
  }

  private yearOfEra(): string {
    return this.once('yearOfEra', () => {
      const day = this.dayOfEra();
      const leaps = this.graph.node('Sub', [this.divide(day, 36_524), this.divide(day, 1460)]);
      const days = this.subtract(this.graph.node('Add', [day, leaps]), this.divide(day, 146_096));
      return this.divide(days, 365);
    });
  }

  /** 0…365, from 1 March. */
  private dayOfYear(): string {
    return this.once('dayOfYear', () => {
      const year = this.yearOfEra();
      const leaps = this.subtract(this.divide(year, 4), this.divide(year, 100));
      return this.subtract(this.dayOfEra(), this.graph.node('Add', [this.multiply(year, 365), leaps]));
    });
  }

  private lookUp(table: number[]): string {
    return this.graph.node('Gather', [this.graph.int64s(table), this.dayOfYear()]);
  }

  private once(name: string, make: () => string): string {
    const known = this.made.get(name);
    if (known !== undefined) return known;
    const made = make();
    this.made.set(name, made);
    return made;
  }

  private modulo = (x: string, by: number) => this.graph.node('Mod', [x, this.graph.int64(by)]);
  private divide = (x: string, by: number) => this.graph.node('Div', [x, this.graph.int64(by)]);
  private multiply = (x: string, by: number) => this.graph.node('Mul', [x, this.graph.int64(by)]);
  private add = (x: string, y: number) => this.graph.node('Add', [x, this.graph.int64(y)]);
  private subtract = (x: string, y: string) => this.graph.node('Sub', [x, y]);
}

/** Index 0 is 1 March, 365 is 29 February. */
const daysFromMarch = Array.from({ length: 366 }, (_, day) => new Date(Date.UTC(1999, 2, 1 + day)));
const monthOfDay = daysFromMarch.map((date) => date.getUTCMonth() + 1);
const dayOfMonth = daysFromMarch.map((date) => date.getUTCDate());
