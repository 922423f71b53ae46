import type { ColumnSchema } from '@millrace/contracts';
import { literal } from '@millrace/data';

const isoTime = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** Epoch milliseconds; a time without an offset is UTC. */
const parseTime = (text: string): number =>
  Date.parse(
    /[zZ]$|[+-]\d{2}:?\d{2}$/.test(text) || !/[T ]/.test(text) ? text : `${text.replace(' ', 'T')}Z`,
  );

/** A value as SQL of a column's type; undefined when it is of another. Times are ISO 8601. */
export const typedLiteral = ({ type }: ColumnSchema, value: unknown): string | undefined => {
  switch (type) {
    case 'number':
    case 'integer':
      return typeof value === 'number' && Number.isFinite(value)
        ? `CAST(${literal(String(value))} AS DOUBLE)`
        : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? String(value) : undefined;
    case 'string':
      return typeof value === 'string' ? literal(value) : undefined;
    case 'timestamp': {
      const time = typeof value === 'string' && isoTime.test(value) ? parseTime(value) : NaN;
      return Number.isNaN(time) ? undefined : `make_timestamp_ms(${time})`;
    }
  }
};
