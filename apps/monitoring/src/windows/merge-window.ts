import { ColumnSketch, QuantileSketch } from '@millrace/ml';
import type { ReadWindow } from './read-window.js';
import type { Window } from './window.entity.js';

export const minuteMs = 60_000;

/** The minute that a window belongs to: the one in which it began, which may be a few seconds off at its end. */
export const minuteOf = (at: number): number => Math.floor(at / minuteMs) * minuteMs;

/** The minute so far and one replica's window, as one. */
export const mergeWindow = (minute: Window | undefined, window: ReadWindow): Window => ({
  endpoint: window.endpoint,
  model: window.model,
  version: window.version,
  startsAt: minuteOf(window.from),
  requests: (minute?.requests ?? 0) + window.requests,
  rows: (minute?.rows ?? 0) + window.rows,
  errors: (minute?.errors ?? 0) + window.errors,
  latency: minute
    ? merged(minute.latency, () => QuantileSketch.fromJSON(minute.latency).merge(window.latency).toJSON())
    : window.latency.toJSON(),
  sketches: { ...minute?.sketches, ...mergeSketches(minute?.sketches ?? {}, window.sketches) },
});

const mergeSketches = (
  known: Window['sketches'],
  added: ReadonlyMap<string, ColumnSketch>,
): Window['sketches'] =>
  Object.fromEntries(
    [...added].map(([name, sketch]) => {
      const before = Object.hasOwn(known, name) ? known[name] : undefined;
      if (!before) return [name, sketch.toJSON()];
      return [name, merged(before, () => ColumnSketch.fromJSON(before).merge(sketch).toJSON())];
    }),
  );

/**
 * Sketches of different making (another kind, another precision, as in the middle of an upgrade) do not merge: the first
 * of the minute stays, and the counts count all.
 */
const merged = <T>(known: T, merge: () => T): T => {
  try {
    return merge();
  } catch (error) {
    if (error instanceof RangeError) return known;
    throw error;
  }
};
