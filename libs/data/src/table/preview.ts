import type { RawResult } from '../session/session.js';
import { plainValue } from './plain-value.js';

/** Plain records: numbers, booleans, strings, ISO 8601 times, null. */
export const plainRows = ({ names, types, rows }: RawResult): Record<string, unknown>[] =>
  rows.map((row) => Object.fromEntries(names.map((name, i) => [name, plainValue(row[i], types[i]!)])));
